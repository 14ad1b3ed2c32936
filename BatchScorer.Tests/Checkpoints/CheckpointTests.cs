using BatchScorer.Checkpoints;
using BatchScorer.Errors;
using BatchScorer.Tests.Postgres;
using BatchScorer.Tests.Processes;

namespace BatchScorer.Tests.Checkpoints;

internal sealed class CheckpointTests(ServerKind kind) : DatabaseTests(kind)
{
    [TestCaseSource(typeof(Checkpoint), nameof(Checkpoint.Names))]
    public async Task A_process_that_is_killed_at_a_point_leaves_a_run_that_the_next_one_ends_as_if_nothing_had_been(string point)
    {
        await using var churn = await ChurnProcesses.CreateAsync(Database, rows: 200, chunkRows: 50);
        await using var process = churn.Start(point, "run", "job", "--partitions", "1");
        await process.HeldAsync();
        await process.SignalAsync("KILL");
        Assert.That(await process.EndAsync(), Is.EqualTo(137));
        Assert.That(process.Errors, Does.Contain($"checkpoint {point} {process.Id}"));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.job_latest"), Is.Zero, "nothing of an unpublished run shows");

        var (run, end) = await churn.Job.RunAsync();

        Assert.That((end.ExitCode, run.State, run.RowsRead), Is.EqualTo((ExitCode.Done, "published", 200)));
        await churn.AssertScoredAsync(200);
    }

    [Test]
    public async Task A_process_that_is_held_the_third_time_goes_on_when_it_is_told_to()
    {
        await using var churn = await ChurnProcesses.CreateAsync(Database, rows: 200, chunkRows: 50);
        await using var process = churn.Start($"{Checkpoint.AfterCommit}:3", "run", "job", "--partitions", "1");
        await process.HeldAsync();
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.chunks WHERE state = 'done'"), Is.EqualTo(3));

        await process.ReleaseAsync();

        Assert.That(await process.EndAsync(), Is.Zero);
        await churn.AssertScoredAsync(200);
    }
}

internal sealed class CheckpointNameTests
{
    [TestCase("before-comit", "did you mean \"before-commit\"?")]
    [TestCase("after-claim:0", "expected one of during-planning, after-claim")]
    [TestCase("after-claim:1:2", "perhaps with a number such as before-commit:3")]
    public void A_point_that_there_is_not_is_an_error(string value, string message) =>
        Assert.That(() => Checkpoint.Arm(value), Throws.TypeOf<BatchScorerException>().With.Message.Contains(message));
}

using BatchScorer.Errors;
using BatchScorer.Jobs;
using BatchScorer.Runs;
using BatchScorer.Tests.Postgres;
using BatchScorer.Tests.Runs;

namespace BatchScorer.Tests.Alarms;

/// <summary>Runs whose predictions an alarm keeps from being published.</summary>
internal sealed class HeldRunTests(ServerKind kind) : DatabaseTests(kind)
{
    private const string Reason = "the run read 20 rows, expected at least 1,000";

    private BatchScorer.Postgres.Database database = null!;

    private RunControl Control => new(database);

    [SetUp]
    public async Task OpenDatabase() => database = await BatchScorer.Postgres.Database.OpenAsync(Database.ConnectionString, default);

    [TearDown]
    public async Task CloseDatabase() => await database.DisposeAsync();

    [Test]
    public async Task A_held_run_is_done_and_not_seen_until_it_is_published()
    {
        await using var job = await HoldingAsync(CustomersTable.Source);

        var (run, end) = await job.RunAsync();

        Assert.That((run.State, run.StateInWords(), run.HeldReason), Is.EqualTo(("succeeded", "held", Reason)));
        Assert.That(end, Is.EqualTo(new RunEnd(ExitCode.Held,
            $"Run 1 of job job is held, and its predictions are not published: {Reason}. Look at it with `batchscorer runs show 1`; "
            + "then `batchscorer runs publish 1` publishes it, or `batchscorer runs abandon 1` gives its rows back to the next run.")));
        Assert.That(await ShownAsync(), Is.Zero);
        Assert.That(await Database.ScalarAsync<string>("SELECT held_reason FROM scoring.run_summary WHERE state = 'succeeded'"), Is.EqualTo(Reason));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.run_publications"), Is.Zero);

        Assert.That(await Control.PublishAsync(1, default), Is.True);

        Assert.That(await ShownAsync(), Is.EqualTo(20));
        Assert.That(await Database.QueryAsync<string>("SELECT state || ': ' || held_reason FROM scoring.runs"), Is.EqualTo(new[] { $"published: {Reason}" }));
        Assert.That(await Control.WithdrawAsync(1, default), Is.True);
        Assert.That(await Control.PublishAsync(1, default), Is.True);
    }

    [Test]
    public async Task Nothing_is_planned_past_a_held_run()
    {
        await using var job = await HoldingAsync(CustomersTable.Source);
        var (_, held) = await job.RunAsync();

        var fault = await Assert.ThrowsAsync<BatchScorerException>(() => job.RunAsync());
        var resumed = await job.Runner.ResumeAsync(await job.ReadAsync(1), acceptRejected: true, new Progress<RunProgress>(), default);

        Assert.That((fault!.ExitCode, fault.Message), Is.EqualTo((ExitCode.Held, held.Error)));
        Assert.That(resumed, Is.EqualTo(held));
        Assert.That(await job.PlanAsync(), Is.Null, "for somebody who has not seen it either");
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.runs"), Is.EqualTo(1));

        await Control.PublishAsync(1, default);
        job.Definition = job.Definition with { Alarms = new() };
        var (next, end) = await job.RunAsync();
        Assert.That((next.RunId > 1, next.State, end.ExitCode), Is.EqualTo((true, "published", ExitCode.Done)));
    }

    [Test]
    public async Task The_slot_of_a_held_run_is_not_over()
    {
        await using var job = await HoldingAsync(CustomersTable.Source);
        var slot = new RunRequest(Trigger.Schedule) { Slot = DateTimeOffset.UtcNow };
        var first = await job.Runner.RunSlotAsync(job.Job, slot, 1, new Progress<RunProgress>(), default);

        Assert.That(first!.Value.End.ExitCode, Is.EqualTo(ExitCode.Held));
        Assert.That(await RunSlots.IsOverAsync(Database.DataSource, "job", slot.Slot!.Value, default), Is.False);

        await Control.PublishAsync(first.Value.RunId, default);
        Assert.That(await RunSlots.IsOverAsync(Database.DataSource, "job", slot.Slot!.Value, default), Is.True);
    }

    [Test]
    public async Task A_job_that_follows_a_held_run_waits_for_its_publication()
    {
        await using var job = await HoldingAsync(CustomersTable.Source);
        await job.RunAsync();
        Assert.That(await FollowedRuns.FindDueAsync(Database.DataSource, "follower", ["job"], default), Is.Null);

        await Control.PublishAsync(1, default);

        Assert.That((await FollowedRuns.FindDueAsync(Database.DataSource, "follower", ["job"], default))!.Runs, Is.EqualTo(new[] { 1 }));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task What_was_staged_stays_until_somebody_has_decided(bool publishes)
    {
        await using var job = await HoldingAsync(CustomersTable.Source with { Cursor = null, Mode = SourceMode.Unscored });
        await job.RunAsync();
        Assert.That(await Database.ScalarAsync<string>("SELECT to_regclass('scoring.source_of_run_1')::text"), Is.Not.Null);

        if (publishes)
            await Control.PublishAsync(1, default);
        else
            await Control.AbandonAsync(1, default);

        Assert.That(await Database.ScalarAsync<string>("SELECT to_regclass('scoring.source_of_run_1')::text"), Is.Null);
        Assert.That(await ShownAsync(), Is.EqualTo(publishes ? 20 : 0));
    }

    [Test]
    public async Task An_abandoned_held_run_gives_its_window_back()
    {
        await using var job = await HoldingAsync(CustomersTable.Source);
        await job.RunAsync();

        await Control.AbandonAsync(1, default);

        Assert.That(await Database.QueryAsync<string>("SELECT state || ': ' || error FROM scoring.runs"), Is.EqualTo(new[] { $"abandoned: abandoned on request; before, it was held: {Reason}" }));
        job.Definition = job.Definition with { Alarms = new() };
        var (next, _) = await job.RunAsync();
        Assert.That((next.RowsRead, next.WindowFrom), Is.EqualTo((20, (string?)null)));
    }

    [Test]
    public async Task A_held_run_was_never_published_and_cannot_be_withdrawn()
    {
        await using var job = await HoldingAsync(CustomersTable.Source);
        await job.RunAsync();

        var fault = await Assert.ThrowsAsync<BatchScorerException>(() => Control.WithdrawAsync(1, default));

        Assert.That(fault!.Message, Is.EqualTo(
            "Run 1 of job job is succeeded, expected one that is published: it is held; `batchscorer runs publish 1` publishes it, and `batchscorer runs abandon 1` gives its rows back."));
    }

    [Test]
    public async Task Backfills_and_replays_are_not_held()
    {
        await using var job = await HoldingAsync(CustomersTable.Source);

        var (run, end) = await job.RunAsync(request: new RunRequest(Trigger.Backfill) { Window = new("2020-01-01Z", "2030-01-01Z") });

        Assert.That((run.State, end.ExitCode), Is.EqualTo(("published", ExitCode.Done)));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.alarms"), Is.Zero);
    }

    [Test]
    public async Task A_run_whose_values_have_drifted_is_held_within_that_run()
    {
        await CustomersTable.CreateAsync(Database, 2500);
        await using var job = await TestJob.CreateAsync(Database, "churn", CustomersTable.Source);
        job.Definition = job.Definition with { Alarms = new() { Drift = new(), Hold = [AlarmKind.Drift] } };
        await job.AppliedAsync();
        var (first, _) = await job.RunAsync();
        await Database.ExecuteAsync("UPDATE customers SET tenure_months = tenure_months + 200, updated_at = now()");

        var (second, end) = await job.RunAsync();

        Assert.That(first.State, Is.EqualTo("published"));
        Assert.That((second.StateInWords(), end.ExitCode), Is.EqualTo(("held", ExitCode.Held)));
        Assert.That(second.HeldReason, Does.Contain("TenureMonths has drifted against run 1: "));
        Assert.That(await Database.QueryAsync<string>("SELECT DISTINCT kind FROM scoring.alarms WHERE run_id = 2 AND cleared_at IS NULL"), Is.EqualTo(new[] { "drift" }));
        Assert.That(await Database.QueryAsync<string>("SELECT subject FROM scoring.alarms"), Does.Contain("TenureMonths").And.No.Member("Seats"));
    }

    private Task<long> ShownAsync() => Database.ScalarAsync<long>("SELECT count(*) FROM scoring.job_latest");

    private async Task<TestJob> HoldingAsync(JobSource source)
    {
        await CustomersTable.CreateAsync(Database, 20);
        var job = await TestJob.CreateAsync(Database, "churn", source);
        job.Definition = job.Definition with { Alarms = new() { Rows = new() { AtLeast = 1000 }, Hold = [AlarmKind.Rows] } };
        return await job.AppliedAsync();
    }
}

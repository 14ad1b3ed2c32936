using BatchScorer.Errors;
using BatchScorer.Tests.Postgres;

namespace BatchScorer.Tests.Cli;

internal sealed class RejectedCommandsTests(ServerKind kind) : CommandTests(kind)
{
    private const string Nothing = "Job churn has no rejected rows to replay.\n";

    [Test]
    public async Task Rejected_rows_are_listed_replayed_and_then_gone_from_the_list()
    {
        await PublishWithoutAsync(100_007, 100_009);

        var list = await RunAsync("rejected", "list", "churn", "--limit", "1");
        Assert.That((list.ExitCode, list.Progress), Is.EqualTo((ExitCode.Done, "")));
        Assert.That(list.Results.Split('\n')[1], Does.Match(@"^\s*1  20\d\d-.*Z  \{""customer_id"": 100007\}\s+auto_pay\s+the value is null"));
        Assert.That(list.Results, Does.EndWith("1 of 2 rows; --limit shows more.\n"));
        var json = (await RunAsync("rejected", "list", "churn", "--run", "1", "--output", "json")).Json;
        Assert.That(Invocation.ShapeOf(json), Is.EqualTo("[{key: {customer_id: number}, column: string, reason: string, runId: number, rejectedAt: string}]"));
        Assert.That((await RunAsync("rejected", "list", "churn", "--run", "2")).Results, Is.EqualTo(Nothing));

        await Database.ExecuteAsync("UPDATE demo.customers SET auto_pay = true");
        var replay = await RunAsync("rejected", "replay", "churn", "--partitions", "1");
        Assert.That((replay.ExitCode, replay.Progress), Is.EqualTo((ExitCode.Done, "")));
        Assert.That(replay.Results, Does.Contain("2 of job churn, published").And.Match(@"window\s+rejected rows").And.Contain("2 read, 2 scored, 0 rejected"));

        Assert.That((await RunAsync("rejected", "list", "churn")).Results, Is.EqualTo(Nothing));
        var again = await RunAsync("rejected", "replay", "churn");
        Assert.That((again.ExitCode, again.Results, again.Progress), Is.EqualTo((ExitCode.Done, Nothing, "")));
        Assert.That(Invocation.ShapeOf((await RunAsync("rejected", "replay", "churn", "--json")).Json), Is.EqualTo("{run: null}"));
    }

    [Test]
    public async Task Rows_of_a_run_over_its_limits_are_told_with_what_to_do()
    {
        await MakeCustomersAsync(rows: 100);
        await RejectAsync(100_007, 100_009);
        await RunAsync("run", "churn");

        foreach (var command in new[] { "list", "replay" })
        {
            var answer = await RunAsync("rejected", command, "churn");
            Assert.That((answer.ExitCode, answer.Results), Is.EqualTo((ExitCode.Done, Nothing)));
            Assert.That(answer.Progress, Does.StartWith("Run 1 has rejected 2 row(s) and is failed; only those of published runs are replayed.")
                .And.Contain("`batchscorer runs abandon 1`").And.Contain("`batchscorer runs resume 1 --accept-rejected`"));
        }
    }

    [Test]
    public async Task A_replay_that_is_abandoned_says_so()
    {
        await PublishWithoutAsync(100_007);
        Assert.That((await RunAsync("rejected", "replay", "churn")).ExitCode, Is.EqualTo(ExitCode.RejectedOverLimit));

        Assert.That((await RunAsync("runs", "abandon", "2")).Results, Is.EqualTo("Run 2 is abandoned; the next replay of job churn starts where it did.\n"));
    }

    [TestCase("list")]
    [TestCase("replay")]
    public async Task A_job_without_tables_is_told_to_migrate(string command)
    {
        await MakeCustomersAsync(rows: 1);
        await Database.ExecuteAsync("DROP TABLE scoring.churn_predictions CASCADE; DELETE FROM scoring.jobs");

        var answer = await RunAsync("rejected", command, "churn");

        Assert.That(answer.ExitCode, Is.EqualTo(ExitCode.BadConfiguration));
        Assert.That(answer.Progress, Does.Contain("batchscorer db migrate"));
    }

    /// <summary>Publishes a run that has rejected these customers.</summary>
    private async Task PublishWithoutAsync(params long[] ids)
    {
        await MakeCustomersAsync(rows: 100);
        await RejectAsync(ids);
        await RunAsync("run", "churn");
        await RunAsync("runs", "resume", "1", "--accept-rejected");
    }

    private Task RejectAsync(params long[] ids) => Database.ExecuteAsync(
        "ALTER TABLE demo.customers ALTER auto_pay DROP NOT NULL; UPDATE demo.customers SET auto_pay = NULL WHERE customer_id = ANY(@ids)", new { ids });
}

using BatchScorer.Errors;
using BatchScorer.Jobs;
using BatchScorer.Runs;
using BatchScorer.Tests.Postgres;
using BatchScorer.Tests.Runs;
using BatchScorer.Tests.Telemetry;
using Microsoft.Extensions.Logging;

namespace BatchScorer.Tests.Alarms;

/// <summary>Alarms as the ledger has them.</summary>
internal sealed class RaisedAlarmTests(ServerKind kind) : DatabaseTests(kind)
{
    private const string All = "SELECT format('%s %s %s %s/%s %s', run_id, kind, subject, value, limit_value, CASE WHEN cleared_at IS NULL THEN 'stands' ELSE 'cleared' END) FROM scoring.alarms ORDER BY alarm_id";

    [Test]
    public async Task A_run_that_crosses_a_limit_is_published_marked_and_logged()
    {
        using var logs = new CollectedLogs();
        await using var job = await CreateAsync(new() { Rows = new() { AtLeast = 1000 } }, logs);

        var (run, end) = await job.RunAsync();

        Assert.That((run.State, run.HeldReason, end.ExitCode), Is.EqualTo(("published", (string?)null, ExitCode.Done)));
        Assert.That(await Database.QueryAsync<string>(All), Is.EqualTo(new[] { "1 rows atLeast 20/1000 stands" }));
        Assert.That(logs.Lines.Where(line => line.Level == LogLevel.Warning).Select(line => line.Name), Is.EqualTo(new[] { "Raised" }));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.alarm_notices"), Is.Zero, "the job has no webhook");
    }

    [Test]
    public async Task An_unbroken_series_has_one_beginning_and_one_alarm_that_stands()
    {
        await using var job = await CreateAsync(new() { Rows = new() { AtLeast = 1000 } });
        await job.RunAsync();
        await TouchAsync();
        await job.RunAsync();
        Assert.That(await Database.QueryAsync<string>(All), Is.EqualTo(new[] { "1 rows atLeast 20/1000 cleared", "2 rows atLeast 20/1000 stands" }));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(DISTINCT since) FROM scoring.alarms"), Is.EqualTo(1));
        Assert.That(await Database.ScalarAsync<bool>("SELECT bool_and(since <= raised_at) AND max(raised_at) > max(since) FROM scoring.alarms"), Is.True);

        job.Definition = job.Definition with { Alarms = new() { Rows = new() { AtLeast = 10 } } };
        await TouchAsync();
        await job.RunAsync();
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.alarms WHERE cleared_at IS NULL"), Is.Zero);

        job.Definition = job.Definition with { Alarms = new() { Rows = new() { AtLeast = 1000 } } };
        await TouchAsync();
        await job.RunAsync();
        Assert.That(await Database.ScalarAsync<long>("SELECT count(DISTINCT since) FROM scoring.alarms"), Is.EqualTo(2), "it begins anew");
    }

    [Test]
    public async Task A_run_that_fails_and_fails_again_raises_its_alarm_once()
    {
        using var logs = new CollectedLogs();
        await using var job = await CreateAsync(new() { RejectedShare = 0.01 }, logs);
        await Database.ExecuteAsync("UPDATE customers SET auto_pay = NULL WHERE customer_id < 100006");
        job.Definition = job.Definition with { Limits = new() { RejectedShare = 0.02 } };

        var (run, end) = await job.RunAsync();
        var again = await job.Runner.ResumeAsync(await job.ReadAsync(run.RunId), acceptRejected: false, new Progress<RunProgress>(), default);
        var accepted = await job.Runner.ResumeAsync(await job.ReadAsync(run.RunId), acceptRejected: true, new Progress<RunProgress>(), default);

        Assert.That(new[] { end.ExitCode, again.ExitCode, accepted.ExitCode }, Is.EqualTo(new[] { ExitCode.RejectedOverLimit, ExitCode.RejectedOverLimit, ExitCode.Done }));
        Assert.That(await Database.QueryAsync<string>(All), Is.EqualTo(new[] { "1 rejectedShare  0.25/0.01 stands" }));
        Assert.That(logs.Names().Count(name => name == "Raised"), Is.EqualTo(1));
    }

    [Test]
    public async Task A_run_that_is_resumed_within_its_limits_takes_its_alarm_back_and_may_raise_it_again()
    {
        await using var job = await CreateAsync(new() { RejectedShare = 0.01 });
        await Database.ExecuteAsync("UPDATE customers SET auto_pay = NULL WHERE customer_id < 100006");
        job.Definition = job.Definition with { Limits = new() { RejectedShare = 0.02 } };
        await job.RunAsync();
        await ResumeWithAsync("UPDATE scoring.chunks SET rows_rejected = 0");
        Assert.That(await Database.QueryAsync<string>(All), Is.EqualTo(new[] { "1 rejectedShare  0.25/0.01 cleared" }));

        await ResumeWithAsync("UPDATE scoring.chunks SET rows_rejected = 4");
        Assert.That(await Database.QueryAsync<string>(All), Is.EqualTo(new[] { "1 rejectedShare  0.2/0.01 stands" }));

        async Task ResumeWithAsync(string change)
        {
            await Database.ExecuteAsync($"{change}; UPDATE scoring.runs SET state = 'failed'; DELETE FROM scoring.run_publications");
            await job.Runner.ResumeAsync(await job.ReadAsync(1), acceptRejected: false, new Progress<RunProgress>(), default);
        }
    }

    private Task TouchAsync() => Database.ExecuteAsync("UPDATE customers SET updated_at = now()");

    private async Task<TestJob> CreateAsync(JobAlarms alarms, ILoggerFactory? loggers = null)
    {
        await CustomersTable.CreateAsync(Database, 20);
        var job = await TestJob.CreateAsync(Database, "churn", CustomersTable.Source, loggers: loggers);
        job.Definition = job.Definition with { Alarms = alarms };
        return await job.AppliedAsync();
    }
}

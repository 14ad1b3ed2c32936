using BatchScorer.Runs;
using BatchScorer.Runs.Backfills;
using BatchScorer.Sources;
using BatchScorer.Tests.Postgres;
using BatchScorer.Tests.Runs.Backfills;

namespace BatchScorer.Tests.Runs;

/// <summary><c>scoring.&lt;job&gt;_as_of</c> against what <c>scoring.&lt;job&gt;_latest</c> did show.</summary>
internal sealed class AsOfTests(ServerKind kind) : DatabaseTests(kind)
{
    private const int Rows = 12;
    private const int Steps = 25;

    /// <summary>Every column of every row, so that it also has to be the same run, published at the same time.</summary>
    private const string Whole = "SELECT coalesce(string_agg(shown::text, E'\\n' ORDER BY customer_id), 'nothing') FROM";

    private const string Latest = $"{Whole} scoring.job_latest AS shown";
    private const string AsOf = $"{Whole} scoring.job_as_of(@at::timestamptz) AS shown";

    [Test]
    public async Task What_latest_showed_can_be_asked_for_later_whatever_happened_since([Values(1, 2, 3)] int seed)
    {
        var random = new Random(seed);
        await CustomersTable.CreateAsync(Database, Rows);
        await using var job = await (await TestJob.CreateAsync(Database, "churn", CustomersTable.Source)).AppliedAsync();
        await using var database = await BatchScorer.Postgres.Database.OpenAsync(Database.ConnectionString, default);
        var control = new RunControl(database);
        // As text, since a date of .NET is more exact than one of PostgreSQL, and less as a parameter.
        List<(string At, string Shown)> seen = [];

        for (var step = 0; step < Steps; step++)
        {
            await TakeStepAsync(random, job, control);
            seen.Add(((await Database.ScalarAsync<string>("SELECT clock_timestamp()::text"))!, (await Database.ScalarAsync<string>(Latest))!));
        }

        foreach (var (at, shown) in seen)
            Assert.That(await Database.ScalarAsync<string>(AsOf, new { at }), Is.EqualTo(shown), at);
        Assert.That(seen.Select(moment => moment.Shown).Distinct().Count(), Is.GreaterThan(Steps / 3));
        await CheckChangesAsync(seen);
    }

    [Test]
    public async Task A_backfill_changes_nothing_of_what_was_shown_before_each_of_its_windows()
    {
        await using var backfills = await TestBackfills.CreateAsync(Database);
        await backfills.Job.RunAsync();
        var shown = await Database.ScalarAsync<string>(Latest);

        backfills.Promote();
        await backfills.RunAsync(TestBackfills.TenDays with { Only = WindowChoice.All });

        var windows = await Database.QueryAsync<(string Before, string At)>(
            """
            SELECT (shown_from - interval '1 microsecond')::text, shown_from::text
            FROM scoring.run_publications JOIN scoring.runs USING (run_id) WHERE trigger = 'backfill' ORDER BY shown_from
            """);
        Assert.That(windows, Has.Count.EqualTo(10));
        Assert.That(await Database.ScalarAsync<string>(AsOf, new { at = windows[0].Before }), Is.EqualTo(shown));
        for (var i = 1; i < windows.Count; i++)
            Assert.That(await Database.ScalarAsync<string>(AsOf, new { at = windows[i].Before }), Is.EqualTo(await Database.ScalarAsync<string>(AsOf, new { at = windows[i - 1].At })));
        for (var i = 0; i < windows.Count; i++)
            Assert.That(await CountAsync(windows[i].At), Is.EqualTo(24 * (i + 1)), "rows that show the backfill's score so far");
        Assert.That(await Database.ScalarAsync<string>(AsOf, new { at = windows[^1].At }), Is.EqualTo(await Database.ScalarAsync<string>(Latest)));

        Task<long> CountAsync(string at) => Database.ScalarAsync<long>(
            "SELECT count(*) FROM scoring.job_as_of(@at::timestamptz) JOIN scoring.runs USING (run_id) WHERE trigger = 'backfill'", new { at });
    }

    /// <summary>From the very microsecond of a change on there is what was seen after it, and up to the one before, what was seen before.</summary>
    private async Task CheckChangesAsync(List<(string At, string Shown)> seen)
    {
        var changes = await Database.QueryAsync<(string Before, string At)>(
            """
            SELECT (at - interval '1 microsecond')::text, at::text
            FROM scoring.run_publications, LATERAL (VALUES (shown_from), (shown_to)) AS change (at)
            WHERE at IS NOT NULL ORDER BY change.at
            """);
        foreach (var (before, at) in changes)
        {
            var next = seen.FindIndex(moment => string.CompareOrdinal(moment.At, at) > 0);
            Assert.That(await Database.ScalarAsync<string>(AsOf, new { at }), Is.EqualTo(seen[next].Shown), at);
            Assert.That(await Database.ScalarAsync<string>(AsOf, new { at = before }), Is.EqualTo(next == 0 ? "nothing" : seen[next - 1].Shown), before);
        }
    }

    private async Task TakeStepAsync(Random random, TestJob job, RunControl control)
    {
        var runs = await Database.QueryAsync<(long Id, string State)>("SELECT run_id, state FROM scoring.runs ORDER BY run_id");
        switch (runs.Count == 0 ? 0 : random.Next(4))
        {
            case 0:
                await Database.ExecuteAsync(
                    "UPDATE customers SET updated_at = clock_timestamp(), seats = @seats WHERE customer_id % 3 = @rest", new { seats = random.Next(1, 90), rest = random.Next(3) });
                await job.RunAsync();
                break;
            case 1:
                await Database.ExecuteAsync("UPDATE customers SET seats = @seats", new { seats = random.Next(1, 90) });
                await job.RunAsync(request: new RunRequest(Trigger.Manual) { Window = new CursorRange(null, null) });
                break;
            default:
                var (run, state) = runs[random.Next(runs.Count)];
                _ = state == "published" ? await control.WithdrawAsync(run, default) : await control.PublishAsync(run, default);
                break;
        }
    }
}

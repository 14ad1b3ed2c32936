using BatchScorer.Errors;
using BatchScorer.Jobs;
using BatchScorer.Tests.Postgres;
using Npgsql;

namespace BatchScorer.Tests.Runs.Retention;

/// <summary><c>scoring.&lt;job&gt;_as_of</c> where predictions have gone: exact or an error.</summary>
internal sealed class RetainedHistoryTests(ServerKind kind) : DatabaseTests(kind)
{
    private const int Steps = 30;

    /// <summary>Without its times, which move as the job ages.</summary>
    private const string Whole = "SELECT coalesce(string_agg(format('%s %s %s', customer_id, score, run_id), ', ' ORDER BY customer_id), 'nothing') FROM";

    private const string Latest = $"{Whole} scoring.job_latest";
    private const string AsOf = $"{Whole} scoring.job_as_of(@at::timestamptz)";

    [Test]
    public async Task What_latest_showed_is_answered_exactly_for_as_long_as_is_kept_and_refused_before([Values(1, 2, 3)] int seed, [Values] bool newest)
    {
        var random = new Random(seed);
        await using var job = await RetainedJob.CreateAsync(Database, new JobKeep { Predictions = TimeSpan.FromDays(30), Newest = newest }, rows: 9);
        List<(string At, string Shown)> seen = [];
        var (answered, refused) = (0, 0);

        for (var step = 0; step < Steps; step++)
        {
            await TakeStepAsync(random, job);
            seen.Add(await LookAsync());
            if (random.Next(2) == 0)
            {
                var days = random.Next(1, 15);
                await Database.AgeAsync(days);
                seen = [.. await Task.WhenAll(seen.Select(async moment => (await AgeAsync(moment.At, days), moment.Shown)))];
            }

            var before = await LookAsync();
            seen.Add(before);
            await job.ApplyAsync();
            var after = await LookAsync();
            seen.Add(after);
            if (newest)
                Assert.That(after.Shown, Is.EqualTo(before.Shown), "readers see no difference");
        }

        foreach (var (at, shown) in seen)
        {
            if (await Database.ScalarAsync<bool>("SELECT @at::timestamptz < whole_since FROM scoring.retention", new { at }))
            {
                refused++;
                Assert.That(async () => await Database.ScalarAsync<string>(AsOf, new { at }), Throws.InstanceOf<PostgresException>().With.Message.Contains("its history is whole since"));
            }
            else
            {
                answered++;
                Assert.That(await Database.ScalarAsync<string>(AsOf, new { at }), Is.EqualTo(shown), at);
            }
        }

        Assert.That((answered, refused), Is.EqualTo((seen.Count - refused, refused)));
        Assert.That(refused, Is.GreaterThan(0));
        Assert.That(answered, Is.GreaterThan(newest ? 10 : 0));
        if (newest)
            Assert.That(await Database.ScalarAsync<bool>("SELECT whole_since <= now() - interval '30 days' FROM scoring.retention"), Is.True);
    }

    [Test]
    public async Task The_error_says_from_when_on_there_is_an_answer_and_that_instant_has_one()
    {
        await using var job = await RetainedJob.CreateAsync(Database, new JobKeep { Predictions = TimeSpan.FromDays(30), Newest = true });
        await job.ScoreAsync();
        await Database.AgeAsync(40);
        await job.ApplyAsync();

        var fault = await Assert.ThrowsAsync<PostgresException>(() => Database.QueryAsync<long>("SET timezone = 'Asia/Tokyo'; SELECT run_id FROM scoring.job_as_of(now() - interval '35 days')"));

        Assert.That(fault!.MessageText, Does.Match(@"^What job ""job"" showed at .* is not kept: its history is whole since .*\+09\. Ask for that instant or a later one\.$"));
        var since = fault.MessageText.Split("whole since ")[1].Split(". Ask")[0];
        Assert.That(await Database.QueryAsync<long>("SELECT run_id FROM scoring.job_as_of(@since::timestamptz)", new { since }), Has.Count.EqualTo(6));
    }

    private async Task<(string At, string Shown)> LookAsync() =>
        ((await Database.ScalarAsync<string>("SELECT clock_timestamp()::text"))!, (await Database.ScalarAsync<string>(Latest))!);

    private async Task<string> AgeAsync(string at, int days) => (await Database.ScalarAsync<string>("SELECT (@at::timestamptz - make_interval(days => @days))::text", new { at, days }))!;

    private async Task TakeStepAsync(Random random, RetainedJob job)
    {
        var runs = await Database.QueryAsync<(long Id, string State)>("SELECT run_id, state FROM scoring.runs ORDER BY run_id");
        switch (runs.Count == 0 ? 0 : random.Next(5))
        {
            case 0:
                await job.ScoreAsync();
                break;
            case 1 or 2:
                await job.ScoreAsync([.. Enumerable.Range(0, 3).Select(_ => CustomersTable.FirstId + random.Next(9))]);
                break;
            default:
                var (run, state) = runs[random.Next(runs.Count)];
                try
                {
                    _ = state == "published" ? await job.Control.WithdrawAsync(run, default) : await job.Control.PublishAsync(run, default);
                }
                catch (BatchScorerException fault) when (fault.Message.Contains("cannot be shown again", StringComparison.Ordinal))
                {
                    // Its predictions have gone.
                }

                break;
        }
    }
}

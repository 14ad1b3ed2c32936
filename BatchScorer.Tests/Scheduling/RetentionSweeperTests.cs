using BatchScorer.Runs.Retention;
using BatchScorer.Scheduling;
using BatchScorer.Tests.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace BatchScorer.Tests.Scheduling;

[OnOneServer]
internal sealed class RetentionSweeperTests(ServerKind kind) : DatabaseTests(kind)
{
    [Test]
    public async Task A_node_that_serves_lets_go_of_what_jobs_keep_no_longer()
    {
        await using var job = await ScheduledJob.CreateAsync(Database, schedule: null);
        await Database.ExecuteAsync("UPDATE scoring.retention SET keep_predictions = '90 days'; SELECT scoring.ensure_predictions_partition('job', '2024-03-15')");

        await using var first = await TestNode.StartAsync(Database, new NodeOptions(), job.Read);
        await using var second = await TestNode.StartAsync(Database, new NodeOptions(), job.Read);

        Assert.That(() => Database.ScalarAsync<long>("SELECT count(*) FROM scoring.predictions_partitions('job')"), Is.Zero.After(30_000, 100));
    }

    [Test]
    public async Task What_is_in_use_is_tried_again()
    {
        await using var job = await ScheduledJob.CreateAsync(Database, schedule: null);
        await Database.ExecuteAsync("UPDATE scoring.retention SET keep_predictions = '90 days'; SELECT scoring.ensure_predictions_partition('job', '2024-03-15')");
        await using var reader = await Database.DataSource.OpenConnectionAsync();
        var transaction = await reader.BeginTransactionAsync();
        await using (var query = reader.CreateCommand())
        {
            query.CommandText = "SELECT count(*) FROM scoring.job_predictions";
            await query.ExecuteNonQueryAsync();
        }

        await using var database = await BatchScorer.Postgres.Database.OpenAsync(Database.ConnectionString, default);
        var log = new LogLines<RetentionSweeper>();
        var options = new NodeOptions { SweepEvery = TimeSpan.Zero, RetainAgainAfter = TimeSpan.FromSeconds(1) };
        using var sweeper = new RetentionSweeper(database, new JobRetention(database, NullLogger<JobRetention>.Instance), options, TimeProvider.System, log);
        await sweeper.StartAsync(default);

        Assert.That(() => log.All, Has.Some.StartsWith("Warning: What jobs keep no longer could not all be let go of, which is tried again: The predictions of job \"job\" have been in use").After(30_000, 100));
        await transaction.DisposeAsync();

        Assert.That(() => Database.ScalarAsync<long>("SELECT count(*) FROM scoring.predictions_partitions('job')"), Is.Zero.After(30_000, 100));
        await sweeper.StopAsync(default);
    }
}

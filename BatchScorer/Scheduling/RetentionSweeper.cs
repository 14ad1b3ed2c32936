using BatchScorer.Errors;
using BatchScorer.Postgres;
using BatchScorer.Runs.Retention;
using Dapper;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace BatchScorer.Scheduling;

/// <summary>Lets go of what jobs keep no longer: once when a node has started, and then once a day. Of several nodes one does it at a time, and the others find nothing left.</summary>
internal sealed class RetentionSweeper(Database database, JobRetention retention, NodeOptions options, TimeProvider time, ILogger<RetentionSweeper> logger) : BackgroundService
{
    private const string TryLock = "SELECT pg_try_advisory_lock(hashtextextended('batchscorer retention', 0))";

    private const string Unlock = "SELECT pg_advisory_unlock(hashtextextended('batchscorer retention', 0))";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Delay(options.SweepEvery, time, stoppingToken);
        while (true)
            await Task.Delay(await SweepAsync(stoppingToken) ? options.RetainEvery : options.RetainAgainAfter, time, stoppingToken);
    }

    /// <returns>Whether nothing is left to do.</returns>
    private async Task<bool> SweepAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await database.Writers.OpenConnectionAsync(cancellationToken);
            if (!await connection.ExecuteScalarAsync<bool>(new CommandDefinition(TryLock, cancellationToken: cancellationToken)))
                return false;
            try
            {
                var done = true;
                foreach (var job in await retention.JobsAsync(cancellationToken))
                    done &= await ApplyAsync(job, cancellationToken);
                return done;
            }
            finally
            {
                await connection.ExecuteAsync(Unlock);
            }
        }
        catch (Exception fault) when (fault is NpgsqlException || PassingFault.Is(fault))
        {
            SchedulingLogs.NotRetained(logger, fault.GetBaseException().Message);
            return false;
        }
    }

    private async Task<bool> ApplyAsync(string job, CancellationToken cancellationToken)
    {
        try
        {
            await retention.ApplyAsync(job, cancellationToken);
            return true;
        }
        catch (Exception fault) when (fault is BatchScorerException or PostgresException)
        {
            SchedulingLogs.NotRetained(logger, fault.Message);
            return false;
        }
    }
}

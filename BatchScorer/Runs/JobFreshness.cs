using BatchScorer.Postgres;
using BatchScorer.Telemetry;
using Dapper;

namespace BatchScorer.Runs;

/// <summary>Tells the metrics how far behind jobs are, by the ledger and its server's clock.</summary>
internal sealed class JobFreshness(Database database)
{
    // Bounds of time have this form (WindowBound), those of integer cursors are digits.
    private const string Ask =
        """
        SELECT name AS job,
               CASE WHEN next_from LIKE '____-__-__T%Z' THEN clock_timestamp() - next_from::timestamptz END AS lag,
               clock_timestamp() - (SELECT finished_at FROM scoring.runs WHERE job = jobs.name AND state = 'published' ORDER BY run_id DESC LIMIT 1) AS age
        FROM scoring.jobs
        """;

    /// <summary>Looks once, if anybody wants to know.</summary>
    /// <returns>How many jobs there are; 0 when nobody wants to know.</returns>
    public async Task<int> ObserveAsync(CancellationToken cancellationToken)
    {
        if (!JobMetrics.Wanted)
            return 0;
        await using var connection = await database.Writers.OpenConnectionAsync(cancellationToken);
        var jobs = (await connection.QueryAsync<(string Job, TimeSpan? Lag, TimeSpan? Age)>(new CommandDefinition(Ask, cancellationToken: cancellationToken))).AsList();
        foreach (var job in jobs)
            JobMetrics.Observed(job.Job, job.Lag, job.Age);
        return jobs.Count;
    }
}

using BatchScorer.Errors;
using BatchScorer.Postgres;
using BatchScorer.Runs.Challengers;
using Dapper;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace BatchScorer.Runs.Retention;

/// <summary>Lets go of what jobs keep no longer: by the terms that the database was told, which only the owner can change.</summary>
internal sealed class JobRetention(Database database, ILogger<JobRetention> logger)
{
    private const string Jobs = "SELECT job FROM scoring.retention ORDER BY job";

    private const string Partitions =
        """
        SELECT partition, nullif(planned_from, '-infinity') AS "from", planned_to AS "to", rows, bytes, open_run, goes FROM scoring.expired_predictions(@job)
        """;

    private const string Look =
        """
        SELECT (SELECT whole_since FROM scoring.retention WHERE job = @job),
               (SELECT count(*) FROM scoring.expired_rejected_rows(@job)), (SELECT count(*) FROM scoring.expired_runs(@job))
        """;

    private const string Drop = "SELECT rows_kept, whole_since FROM scoring.drop_expired_predictions(@job)";

    private const string ForgetRejectedRows = "SELECT scoring.forget_expired_rejected_rows(@job)";

    private const string ForgetRuns = "SELECT scoring.forget_expired_runs(@job)";

    /// <summary>The jobs whose terms the database was told.</summary>
    public async Task<IReadOnlyList<string>> JobsAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.Writers.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<string>(new CommandDefinition(Jobs, cancellationToken: cancellationToken))];
    }

    /// <summary>The terms that the database was told of a job last; null when nothing was.</summary>
    public async Task<RetentionTerms?> TermsAsync(string job, CancellationToken cancellationToken)
    {
        await using var connection = await database.Writers.OpenConnectionAsync(cancellationToken);
        return await RetentionTerms.ReadAsync(connection, job, cancellationToken);
    }

    /// <summary>What would go of a job now; nothing does.</summary>
    public async Task<RetentionRecord> LookAsync(string job, CancellationToken cancellationToken)
    {
        await using var connection = await database.Writers.OpenConnectionAsync(cancellationToken);
        var (wholeSince, rejectedRows, runs) = await connection.QuerySingleAsync<(DateTime?, long, long)>(Command(Look, job, cancellationToken));
        return new RetentionRecord
        {
            Job = job,
            Partitions = await PartitionsAsync(connection, job, cancellationToken),
            WholeSince = wholeSince,
            RejectedRows = rejectedRows,
            Runs = runs,
        };
    }

    /// <summary>Lets go of what a job keeps no longer.</summary>
    /// <exception cref="BatchScorerException">Its predictions have been in use all the time, so that none of them was dropped; its rejected rows have gone.</exception>
    public async Task<RetentionRecord> ApplyAsync(string job, CancellationToken cancellationToken)
    {
        await using var connection = await database.Writers.OpenConnectionAsync(cancellationToken);
        // Rejected rows and runs go in small pieces, a transaction each, so that nobody waits for them for long.
        var rejectedRows = await RepeatAsync(connection, ForgetRejectedRows, job, cancellationToken);
        var partitions = await PartitionsAsync(connection, job, cancellationToken);
        var (kept, wholeSince) = await DropAsync(connection, job, cancellationToken);
        await ChallengerTables.DropExpiredAsync(connection, job, cancellationToken);
        var runs = await RepeatAsync(connection, ForgetRuns, job, cancellationToken);
        var dropped = string.Join(", ", partitions.Where(partition => partition.Goes).Select(partition => partition.Partition));
        if (kept is { } aside)
            RunLogs.PredictionsDropped(logger, job, dropped, aside, wholeSince);
        if (rejectedRows > 0 || runs > 0)
            RunLogs.LedgerForgotten(logger, job, rejectedRows, runs);
        foreach (var partition in partitions.Where(partition => partition.OpenRun is not null))
            RunLogs.PartitionStays(logger, job, partition.Partition, partition.OpenRun!.Value);
        return new RetentionRecord { Job = job, Partitions = partitions, PredictionsKept = kept, WholeSince = wholeSince, RejectedRows = rejectedRows, Runs = runs };
    }

    private static async Task<IReadOnlyList<ExpiredPartition>> PartitionsAsync(NpgsqlConnection connection, string job, CancellationToken cancellationToken) =>
        [.. await connection.QueryAsync<ExpiredPartition>(Command(Partitions, job, cancellationToken))];

    private static async Task<(long? Kept, DateTime? WholeSince)> DropAsync(NpgsqlConnection connection, string job, CancellationToken cancellationToken)
    {
        try
        {
            return await connection.QuerySingleOrDefaultAsync<(long?, DateTime?)>(Command(Drop, job, cancellationToken));
        }
        catch (PostgresException fault) when (fault.SqlState is PostgresErrorCodes.LockNotAvailable)
        {
            throw new BatchScorerException(ExitCode.Failed,
                $"{fault.MessageText} None of them were dropped: wait for these queries or end them, then run `batchscorer retention apply {job}`; `serve` tries again within an hour.", fault);
        }
    }

    private static async Task<long> RepeatAsync(NpgsqlConnection connection, string statement, string job, CancellationToken cancellationToken)
    {
        long all = 0;
        while (await connection.ExecuteScalarAsync<long>(Command(statement, job, cancellationToken)) is > 0 and var forgotten)
            all += forgotten;
        return all;
    }

    private static CommandDefinition Command(string statement, string job, CancellationToken cancellationToken) =>
        new(statement, new { job }, cancellationToken: cancellationToken);
}

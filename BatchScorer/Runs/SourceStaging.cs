using System.Data;
using BatchScorer.Errors;
using BatchScorer.Postgres;
using BatchScorer.Sources;
using Dapper;
using Npgsql;

namespace BatchScorer.Runs;

/// <summary>Which rows of a source are staged.</summary>
internal enum StagedRows
{
    /// <summary>All of the window.</summary>
    All,

    /// <summary>Those that no run has scored or rejected.</summary>
    Unscored,

    /// <summary>Those that published runs have rejected, and nothing has resolved.</summary>
    Rejected,
}

/// <summary>
/// Writes the rows of a source that cannot be cut by key ranges (a query, a view, chosen keys) once into a table of the run, which
/// publishing drops. Its primary key is the proof that the key names one row. The table is the owner's, whose functions make, seal and
/// drop it: who runs jobs may make none.
/// </summary>
/// <remarks>
/// The table is there before the run is. Until the run is written it is the planner's: disposing of this drops it, and if the planner
/// dies, whoever stages next does, since only a planner's session holds the lock of its run.
/// </remarks>
/// <param name="connection">The planner's session, on which the run is written later, so that a planner that has lost its lock cannot write it.</param>
/// <param name="runId">The run that is being planned.</param>
internal sealed class SourceStaging(NpgsqlConnection connection, long runId) : IAsyncDisposable
{
    /// <summary>What servers show as the name of a session while it stages: it writes to the staged table and to nothing that is anybody's source.</summary>
    public const string SessionName = $"{DataSources.ApplicationName} staging";

    /// <summary>What the name of the lock of a run that is being planned begins with; its number follows.</summary>
    public const string LockName = "'batchscorer planning of run '";

    private const string Lock = $"SELECT pg_advisory_lock(hashtextextended({LockName} || @runId, 0))";

    private const string Unlock = $"SELECT pg_advisory_unlock(hashtextextended({LockName} || @runId, 0))";

    private const string Make = "SELECT scoring.stage_source(@runId, @names, @types::oid[])";

    private const string Seal = "SELECT scoring.seal_staged_source(@runId, @key, @cursor)";

    /// <summary>Drops the staged source of <c>@runId</c>, unless it is needed still.</summary>
    private const string Drop = "SELECT scoring.drop_staged_source(@runId)";

    private readonly string table = Quoted(TableName(runId));
    private bool begun;

    public static string TableName(long runId) => $"source_of_run_{runId}";

    public static string Quoted(string tableName) => SqlIdentifier.Quote("scoring", tableName);

    /// <summary>Stages the rows and commits.</summary>
    /// <param name="reader">In a READ ONLY transaction, whose snapshot is staged: a query cannot write, whatever it calls.</param>
    /// <param name="job">The job, whose source is read.</param>
    /// <param name="window">Which cursor values.</param>
    /// <param name="wanted">Which of the rows in the window.</param>
    /// <returns>The layout by which the run reads the staged table.</returns>
    /// <exception cref="BatchScorerException">A key is null or comes twice, or a cursor is null.</exception>
    public async Task<SourceLayout> StageAsync(
        NpgsqlConnection reader, PlannedJob job, CursorRange window, StagedRows wanted, CancellationToken cancellationToken)
    {
        await StagedLeftovers.DropAsync(connection, cancellationToken);
        begun = true;
        await connection.ExecuteAsync(new CommandDefinition(Lock, new { runId }, cancellationToken: cancellationToken));
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "SELECT set_config('application_name', @name, true)", new { name = SessionName }, cancellationToken: cancellationToken));
        await TransactionTime.LimitIdleAsync(connection, job.Definition.Limits.ChunkTime, cancellationToken);
        await SourceSettings.ApplyAsync(reader, KeyRange.All, window, cancellationToken);
        var rows = new SourceQuery(job.Source).Select(window, Condition(job, wanted));
        await MakeTableAsync(job.Source.Columns, cancellationToken);
        await QueryCopy.CopyAsync(reader, rows, connection, table, cancellationToken);
        if (wanted is StagedRows.Rejected)
            await TakenUpRows.SeeAsync(reader, connection, runId, job.Definition, cancellationToken);
        await ProveKeyAsync(job.Name, job.Source, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return job.Source with { Relation = table, Filter = null };
    }

    /// <summary>Drops the staged table unless its run has been written.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!begun || connection.State is not ConnectionState.Open)
            return;
        try
        {
            await connection.ExecuteAsync(Drop, new { runId });
            await connection.ExecuteAsync(Unlock, new { runId });
        }
        catch (Exception fault) when (ConnectionLoss.Is(fault))
        {
            // The session is gone, and its lock with it: whoever stages next drops the table.
        }
    }

    /// <summary>Drops the staged source of a run that has ended for good, in the transaction that ends it.</summary>
    public static Task DropAsync(NpgsqlConnection connection, long runId, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(Drop, new { runId }, cancellationToken: cancellationToken));

    private Task MakeTableAsync(IReadOnlyList<SourceColumn> columns, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(
            Make,
            new { runId, names = columns.Select(column => column.Name).ToArray(), types = columns.Select(column => (long)column.TypeId).ToArray() },
            cancellationToken: cancellationToken));

    private static string? Condition(PlannedJob job, StagedRows wanted) => wanted switch
    {
        StagedRows.Unscored => UnscoredRows.Condition(job.Predictions),
        StagedRows.Rejected => UnresolvedRows.Condition(job.Definition),
        _ => null,
    };

    private async Task ProveKeyAsync(string job, SourceLayout layout, CancellationToken cancellationToken)
    {
        try
        {
            await connection.ExecuteAsync(new CommandDefinition(
                $"SAVEPOINT staged; {Seal}",
                new { runId, key = layout.Key.Select(column => column.Name).ToArray(), cursor = layout.Cursor?.Name },
                cancellationToken: cancellationToken));
        }
        catch (PostgresException refused) when (refused.SqlState is PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.NotNullViolation)
        {
            var example = refused.SqlState is PostgresErrorCodes.UniqueViolation
                ? $"the key {await TwiceAsync(layout, cancellationToken)} comes more than once"
                : $"column \"{refused.ColumnName}\" has a null";
            throw new BatchScorerException(ExitCode.BadConfiguration,
                $"The source of job \"{job}\" cannot be cut by its key ({string.Join(", ", layout.Key.Select(column => column.Name))}): {example}. "
                + "Expected each key once, and neither key nor cursor null: correct source.key or the query.", refused);
        }
    }

    private async Task<string?> TwiceAsync(SourceLayout layout, CancellationToken cancellationToken) =>
        await connection.ExecuteScalarAsync<string>(new CommandDefinition(
            $"ROLLBACK TO SAVEPOINT staged; SELECT ROW({Key(layout)})::text FROM {table} GROUP BY {Key(layout)} HAVING count(*) > 1 ORDER BY {Key(layout)} LIMIT 1",
            cancellationToken: cancellationToken));

    private static string Key(SourceLayout layout) => SqlIdentifier.QuoteList(layout.Key.Select(column => column.Name));
}

using BatchScorer.Errors;
using BatchScorer.Postgres;
using BatchScorer.Sources;
using Dapper;
using Npgsql;

namespace BatchScorer.Runs;

/// <summary>
/// Writes the rows of a source that cannot be cut by key ranges (a query, a view, the keys without an outcome) once into a table of the run,
/// which publishing drops. Its primary key is the proof that the key names one row.
/// </summary>
internal static class SourceStaging
{
    public static string TableName(long runId) => $"source_of_run_{runId}";

    public static string Quoted(string tableName) => SqlIdentifier.Quote("scoring", tableName);

    /// <summary>Stages the rows, in the caller's transaction.</summary>
    /// <param name="connection">To the database of source and ledger.</param>
    /// <param name="runId">The run.</param>
    /// <param name="job">The job's name.</param>
    /// <param name="layout">What to read; its relation is read, not the staged table.</param>
    /// <param name="window">Which cursor values.</param>
    /// <param name="withoutOutcome">The predictions table of the job when only keys without an outcome are wanted, otherwise null.</param>
    /// <exception cref="BatchScorerException">A key is null or comes twice, or a cursor is null.</exception>
    public static async Task<SourceLayout> StageAsync(
        NpgsqlConnection connection, long runId, string job, SourceLayout layout, CursorRange window, string? withoutOutcome, CancellationToken cancellationToken)
    {
        var table = Quoted(TableName(runId));
        await ReadOnlyTransaction.SetConventionsAsync(connection, cancellationToken);
        await SourceSettings.ApplyAsync(connection, new KeyRange(null, null), window, cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            $"CREATE TABLE {table} AS {new SourceQuery(layout).Select(window, withoutOutcome is null ? null : WithoutOutcome(job, layout, withoutOutcome))}",
            cancellationToken: cancellationToken));
        await ProveKeyAsync(connection, job, layout, table, cancellationToken);
        return layout with { Relation = table, Filter = null };
    }

    private static async Task ProveKeyAsync(NpgsqlConnection connection, string job, SourceLayout layout, string table, CancellationToken cancellationToken)
    {
        var cursorIsSet = layout.Cursor is null ? "" : $"ALTER TABLE {table} ALTER {SqlIdentifier.Quote(layout.Cursor.Name)} SET NOT NULL;";
        try
        {
            await connection.ExecuteAsync(new CommandDefinition(
                $"SAVEPOINT staged; ALTER TABLE {table} ADD PRIMARY KEY ({Key(layout)}); {cursorIsSet} ANALYZE {table}", cancellationToken: cancellationToken));
        }
        catch (PostgresException refused) when (refused.SqlState is PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.NotNullViolation)
        {
            var example = refused.SqlState is PostgresErrorCodes.UniqueViolation
                ? $"the key {await TwiceAsync(connection, layout, table, cancellationToken)} comes more than once"
                : $"column \"{refused.ColumnName}\" has a null";
            throw new BatchScorerException(ExitCode.BadConfiguration,
                $"The source of job \"{job}\" cannot be cut by its key ({string.Join(", ", layout.Key.Select(column => column.Name))}): {example}. "
                + "Expected each key once, and neither key nor cursor null: correct source.key or the query.", refused);
        }
    }

    private static async Task<string?> TwiceAsync(NpgsqlConnection connection, SourceLayout layout, string table, CancellationToken cancellationToken) =>
        await connection.ExecuteScalarAsync<string>(new CommandDefinition(
            $"ROLLBACK TO SAVEPOINT staged; SELECT ROW({Key(layout)})::text FROM {table} GROUP BY {Key(layout)} HAVING count(*) > 1 ORDER BY {Key(layout)} LIMIT 1",
            cancellationToken: cancellationToken));

    private static string Key(SourceLayout layout) => SqlIdentifier.QuoteList(layout.Key.Select(column => column.Name));

    private static string WithoutOutcome(string job, SourceLayout layout, string predictions)
    {
        var sameKey = string.Join(" AND ", layout.Key.Select(column =>
            $"{SqlIdentifier.Quote("prediction", column.Name)} = {SqlIdentifier.Quote("source", column.Name)}"));
        var key = string.Join(", ", layout.Key.Select(column => $"{SqlLiteral.Quote(column.Name)}, {SqlIdentifier.Quote("source", column.Name)}"));
        return $"""
            NOT EXISTS (
                SELECT FROM {predictions} AS prediction JOIN scoring.runs AS run USING (run_id)
                WHERE {sameKey} AND run.state <> 'abandoned')
            AND NOT EXISTS (
                SELECT FROM scoring.rejected_rows AS rejected JOIN scoring.runs AS run USING (run_id)
                WHERE rejected.job = {SqlLiteral.Quote(job)} AND rejected.key = jsonb_build_object({key}) AND run.state <> 'abandoned')
            """;
    }
}

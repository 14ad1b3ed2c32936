using BatchScorer.Postgres;
using BatchScorer.Predictions;
using BatchScorer.Sources;
using Dapper;

namespace BatchScorer.Runs.Backfills;

/// <summary>Tells of each window of a grid what became of it: by the ledger, and by the source if that is wanted.</summary>
internal sealed class WindowStates(Database database)
{
    private const string Ledger =
        """
        SELECT window_no, state, models FROM scoring.window_states(@job, @modelSha256, @isTime, @starts, @ends) ORDER BY window_no
        """;

    private const string Models = "SELECT sha256, name || ' ' || version FROM scoring.models";

    /// <summary>Asks the ledger alone.</summary>
    /// <param name="job">The job.</param>
    /// <param name="modelSha256">The model by which windows have to be scored, lest they are stale.</param>
    /// <param name="grid">The windows.</param>
    /// <returns>The windows, in order.</returns>
    public async Task<IReadOnlyList<WindowRecord>> ReadAsync(string job, string modelSha256, WindowGrid grid, CancellationToken cancellationToken)
    {
        await using var connection = await database.Writers.OpenConnectionAsync(cancellationToken);
        var states = await connection.QueryAsync<LedgerRow>(new CommandDefinition(
            Ledger, new { job, modelSha256, isTime = grid.Scale.IsTime, starts = grid.Starts, ends = grid.Ends }, cancellationToken: cancellationToken));
        var models = (await connection.QueryAsync<(string Sha256, string Name)>(new CommandDefinition(Models, cancellationToken: cancellationToken)))
            .ToDictionary(model => model.Sha256, model => model.Name);
        return [.. states.Select(row =>
        {
            var window = grid.Window((int)row.WindowNo - 1);
            return new WindowRecord
            {
                From = window.From!,
                To = window.To!,
                State = Enum.Parse<WindowState>(row.State, ignoreCase: true),
                Models = [.. row.Models.Select(sha256 => models[sha256])],
            };
        })];
    }

    /// <summary>Asks the ledger, and counts the rows of the source in each window.</summary>
    /// <param name="source">The source.</param>
    /// <param name="predictions">The job's predictions table when windows are stale too whose rows have no outcome at their own cursor; otherwise null.</param>
    /// <inheritdoc cref="ReadAsync(string, string, WindowGrid, CancellationToken)"/>
    public async Task<IReadOnlyList<WindowRecord>> ReadAsync(
        string job, string modelSha256, WindowGrid grid, SourceLayout source, PredictionLayout? predictions, CancellationToken cancellationToken)
    {
        var windows = (await ReadAsync(job, modelSha256, grid, cancellationToken)).Select(window => window with { Rows = 0, RowsWithoutOutcome = predictions is null ? null : 0 }).ToArray();
        await using var connection = await database.Readers.OpenConnectionAsync(cancellationToken);
        await using var transaction = await ReadOnlyTransaction.BeginAsync(connection, cancellationToken);
        await SourceSettings.ApplyAsync(connection, KeyRange.All, grid.Whole, cancellationToken);
        var starts = grid.Starts.Select(grid.Scale.Format).ToArray();
        foreach (var count in await connection.QueryAsync<CountRow>(new CommandDefinition(
            CountRows(source, job, grid, predictions), new { starts }, commandTimeout: 0, cancellationToken: cancellationToken)))
        {
            var window = windows[count.WindowNo - 1];
            windows[count.WindowNo - 1] = window with
            {
                Rows = count.Rows,
                RowsWithoutOutcome = predictions is null ? null : count.WithoutOutcome,
                State = window.State is WindowState.Scored && count.WithoutOutcome > 0 ? WindowState.Stale : window.State,
            };
        }

        return windows;
    }

    // The array of starts is made once, in a subquery, however many rows there are.
    private static string CountRows(SourceLayout source, string job, WindowGrid grid, PredictionLayout? predictions)
    {
        var cursor = SqlIdentifier.Quote(source.Cursor!.Name);
        var type = source.Cursor.SqlType;
        return $"""
            SELECT width_bucket({cursor}, (SELECT ARRAY(SELECT start::{type} FROM unnest(@starts) AS start ORDER BY 1))) AS window_no,
                   count(*) AS rows, count(*) FILTER (WHERE {(predictions is null ? "false" : WithoutOutcome(source, job, predictions))}) AS without_outcome
            FROM ({new SourceQuery(source).Select(grid.Whole, null)}) AS source
            GROUP BY 1
            """;
    }

    private static string WithoutOutcome(SourceLayout source, string job, PredictionLayout predictions)
    {
        var same = string.Join(" AND ", source.Key.Append(source.Cursor!).Select((column, i) =>
            $"{SqlIdentifier.Quote("prediction", i == source.Key.Count ? "source_cursor" : column.Name)} = {SqlIdentifier.Quote("source", column.Name)}"));
        var key = string.Join(", ", source.Key.Select(column => $"{SqlLiteral.Quote(column.Name)}, {SqlIdentifier.Quote("source", column.Name)}"));
        return $"""
            NOT EXISTS (
                SELECT FROM {predictions.Table} AS prediction JOIN scoring.runs AS run USING (run_id)
                WHERE {same} AND run.state = 'published')
            AND NOT EXISTS (
                SELECT FROM scoring.rejected_rows AS rejected JOIN scoring.runs AS run USING (run_id)
                WHERE rejected.job = {SqlLiteral.Quote(job)} AND rejected.key = jsonb_build_object({key})
                  AND rejected.source_cursor = {SqlIdentifier.Quote("source", source.Cursor!.Name)}::text AND run.state = 'published')
            """;
    }

    private sealed record LedgerRow
    {
        public required long WindowNo { get; init; }

        public required string State { get; init; }

        public required string[] Models { get; init; }
    }

    private sealed record CountRow(int WindowNo, long Rows, long WithoutOutcome);
}

using BatchScorer.Errors;
using BatchScorer.Postgres;
using Dapper;
using Npgsql;

namespace BatchScorer.Predictions;

/// <summary>Makes a job's predictions table, and adds the columns that the job has gained since.</summary>
internal static class PredictionsTable
{
    private const string ExistingColumns =
        """
        SELECT attname AS name, format_type(atttypid, atttypmod) AS sql_type
        FROM pg_attribute
        WHERE attrelid = to_regclass(@table) AND attnum > 0 AND NOT attisdropped
        ORDER BY attnum
        """;

    /// <summary>Brings the table up to the layout, in the caller's transaction.</summary>
    /// <returns>Whether anything had to be made or altered.</returns>
    /// <exception cref="BatchScorerException">The table has a column that the layout lacks or types otherwise; nothing is altered.</exception>
    public static async Task<bool> ApplyAsync(NpgsqlConnection connection, PredictionLayout layout, CancellationToken cancellationToken)
    {
        var existing = await ReadColumnsAsync(connection, layout, cancellationToken);
        var wanted = Columns(layout);
        if (existing.Count == 0)
        {
            await ExecuteAsync(connection, Create(layout, wanted), cancellationToken);
        }
        else
        {
            Compare(layout, wanted, existing);
            var added = wanted.Where(column => !existing.ContainsKey(column.Name)).ToList();
            if (added.Count == 0)
                return false;
            foreach (var column in added)
                await ExecuteAsync(connection, $"ALTER TABLE {layout.Table} ADD COLUMN {SqlIdentifier.Quote(column.Name)} {column.SqlType}", cancellationToken);
        }

        await ExecuteAsync(connection, Comments(layout, wanted), cancellationToken);
        return true;
    }

    /// <exception cref="BatchScorerException">The table is missing or differs from the layout.</exception>
    public static async Task CheckAsync(NpgsqlConnection connection, PredictionLayout layout, CancellationToken cancellationToken)
    {
        var existing = await ReadColumnsAsync(connection, layout, cancellationToken);
        var wanted = Columns(layout);
        if (existing.Count > 0)
            Compare(layout, wanted, existing);
        if (wanted.FirstOrDefault(column => !existing.ContainsKey(column.Name)) is { } missing)
        {
            throw new BatchScorerException(ExitCode.BadConfiguration, existing.Count == 0
                ? $"Job \"{layout.Job}\" has no table scoring.{layout.TableName} yet: run `batchscorer db migrate` once, as the owner of the schema."
                : $"Table scoring.{layout.TableName} has no column \"{missing.Name}\", which job \"{layout.Job}\" names: run `batchscorer db migrate` to add it.");
        }
    }

    /// <summary>Why the layout no longer fits a table that is there; null where it does, or where there is no table yet.</summary>
    public static async Task<string?> FindMisfitAsync(NpgsqlConnection connection, PredictionLayout layout, CancellationToken cancellationToken)
    {
        var existing = await ReadColumnsAsync(connection, layout, cancellationToken);
        return existing.Count == 0 ? null : Misfit(layout, Columns(layout), existing);
    }

    private static async Task<Dictionary<string, string>> ReadColumnsAsync(NpgsqlConnection connection, PredictionLayout layout, CancellationToken cancellationToken) =>
        (await connection.QueryAsync<(string Name, string SqlType)>(new CommandDefinition(
            ExistingColumns, new { table = layout.Table }, cancellationToken: cancellationToken)))
        .ToDictionary(column => column.Name, column => column.SqlType);

    private static void Compare(PredictionLayout layout, IReadOnlyList<TableColumn> wanted, Dictionary<string, string> existing)
    {
        if (Misfit(layout, wanted, existing) is { } misfit)
            throw new BatchScorerException(ExitCode.BadConfiguration, misfit);
    }

    private static string? Misfit(PredictionLayout layout, IReadOnlyList<TableColumn> wanted, Dictionary<string, string> existing)
    {
        var faults = wanted
            .Where(column => existing.TryGetValue(column.Name, out var type) && type != column.SqlType)
            .Select(column => $"column \"{column.Name}\" is {existing[column.Name]}, and the job now makes it {column.SqlType}")
            .Concat(existing.Keys.Except(wanted.Select(column => column.Name))
                .Select(name => $"column \"{name}\" is no longer among the job's{Suggestion.For(name, wanted.Select(column => column.Name))}"))
            .ToList();
        return faults.Count == 0 ? null
            : $"Job \"{layout.Job}\" does not fit its table scoring.{layout.TableName}: {string.Join("; ", faults)}. "
                + "Columns can be added, but not renamed, retyped or dropped: restore them in the job file, or give the changed job another name.";
    }

    /// <summary>The table's columns, in the order in which a new table has them.</summary>
    public static IReadOnlyList<TableColumn> Columns(PredictionLayout layout) =>
    [
        .. layout.Key.Select(column => new TableColumn(column.Name, column.SqlType, true, "Key of the source row")),
        .. layout.Outputs.Select(column => new TableColumn(column.Name, column.SqlType!, false, $"The model's {column.Output}")),
        .. layout.Carry.Select(column => new TableColumn(column.Name, column.SqlType, false, "Carried over from the source row as it was when it was read")),
        .. layout.CursorType is { } type ? new[] { new TableColumn("source_cursor", type, true, "The source row's value of the cursor column when it was read") } : [],
        new TableColumn("run_id", "bigint", true, "The run, in scoring.runs"),
        new TableColumn("chunk_no", "integer", true, "The chunk of the run, in scoring.chunks"),
        new TableColumn("planned_on", "date", true, "The day the run was planned (UTC), by which the table is partitioned"),
    ];

    private static string Create(PredictionLayout layout, IReadOnlyList<TableColumn> columns) =>
        $"""
        CREATE TABLE {layout.Table} (
            {string.Join(",\n    ", columns.Select(column => $"{SqlIdentifier.Quote(column.Name)} {column.SqlType}{(column.NotNull ? " NOT NULL" : "")}"))},
            PRIMARY KEY ({SqlIdentifier.QuoteList([.. layout.Key.Select(column => column.Name), "run_id", "planned_on"])})
        ) PARTITION BY RANGE (planned_on)
        """;

    private static string Comments(PredictionLayout layout, IReadOnlyList<TableColumn> columns) =>
        string.Join(";\n",
        [
            $"COMMENT ON TABLE {layout.Table} IS {SqlLiteral.Quote(layout.Comment)}",
            .. columns.Select(column => $"COMMENT ON COLUMN {layout.Table}.{SqlIdentifier.Quote(column.Name)} IS {SqlLiteral.Quote(column.Comment)}"),
        ]);

    private static Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(sql, cancellationToken: cancellationToken));
}

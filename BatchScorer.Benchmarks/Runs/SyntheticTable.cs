using System.Data;
using BatchScorer.Benchmarks.Models;
using BatchScorer.Jobs;
using BatchScorer.Postgres;
using Dapper;
using Npgsql;

namespace BatchScorer.Benchmarks.Runs;

/// <summary>A table of random rows for a synthetic model: a bigint key, a timestamptz cursor, real numbers and short texts.</summary>
internal static class SyntheticTable
{
    /// <summary>The table as a job's source.</summary>
    public static JobSource Source { get; } = new()
    {
        Table = new QualifiedName("public", "synthetic"),
        Key = ["id"],
        Cursor = "updated_at",
    };

    /// <summary>Makes the table, and lets the server finish what that leaves to be done, so that it does not do it in a measurement.</summary>
    public static async Task CreateAsync(NpgsqlDataSource database, SyntheticModel model, int rows, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        foreach (var statement in Statements(model, rows))
            await connection.ExecuteAsync(new CommandDefinition(statement, commandType: CommandType.Text, cancellationToken: cancellationToken));
    }

    private static IEnumerable<string> Statements(SyntheticModel model, int rows)
    {
        var names = string.Join(", ", model.NumberNames.Select(name => $"{name} real").Concat(model.CategoryNames.Select(name => $"{name} text")));
        var values = string.Join(", ",
            model.NumberNames.Select(_ => "random()").Concat(model.Categories.Select(count => $"'value ' || floor(random() * {count})")));
        yield return $"CREATE TABLE synthetic (id bigint PRIMARY KEY, updated_at timestamptz NOT NULL, {names})";
        yield return "SELECT setseed(0.5)";
        yield return
            $"""
            INSERT INTO synthetic
            SELECT row, timestamptz '2025-01-01Z' + row * interval '1 second', {values} FROM generate_series(1, {rows}) AS row
            """;
        // Without it, finding that there is nothing new takes a look at every row.
        yield return "CREATE INDEX ON synthetic (updated_at)";
        yield return "VACUUM ANALYZE synthetic";
        yield return "CHECKPOINT";
    }
}

using BatchScorer.Jobs;
using BatchScorer.Postgres;
using BatchScorer.Predictions;
using Dapper;
using Npgsql;

namespace BatchScorer.Runs;

/// <summary>The rejected rows that a replay would score again: of published runs, not resolved, and without a newer published prediction.</summary>
internal static class UnresolvedRows
{
    /// <summary>The FROM and WHERE that find them, as <c>rejected</c>, with their keys in the source's types as <c>rejected_key</c>.</summary>
    public static string From(JobDefinition job)
    {
        var predictions = PredictionLayout.TableOf(job.Name);
        var sameKey = string.Join(" AND ", job.Source.Key.Select(column => $"{SqlIdentifier.Quote("prediction", column)} = {SqlIdentifier.Quote("rejected_key", column)}"));
        return $"""
            FROM scoring.rejected_rows AS rejected
            JOIN scoring.runs AS run USING (run_id)
            CROSS JOIN LATERAL jsonb_populate_record(NULL::{predictions}, rejected.key) AS rejected_key
            WHERE rejected.job = {SqlLiteral.Quote(job.Name)} AND rejected.resolved_by IS NULL AND run.state = 'published'
              AND NOT EXISTS (
                  SELECT FROM {predictions} AS prediction JOIN scoring.runs AS newer USING (run_id)
                  WHERE {sameKey} AND run_id > rejected.run_id AND newer.state = 'published')
            """;
    }

    /// <summary>The condition by which a row of <c>source</c> is one of them.</summary>
    public static string Condition(JobDefinition job) =>
        $"({Key("source", job)}) IN (SELECT {Key("rejected_key", job)} {From(job)})";

    /// <summary>Whether there are any.</summary>
    public static async Task<bool> AnyAsync(NpgsqlDataSource database, JobDefinition job, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition($"SELECT EXISTS (SELECT {From(job)})", cancellationToken: cancellationToken));
    }

    private static string Key(string table, JobDefinition job) => string.Join(", ", job.Source.Key.Select(column => SqlIdentifier.Quote(table, column)));
}

using System.Security.Cryptography;
using System.Text;
using Dapper;
using Npgsql;

namespace BatchScorer.Predictions.Views;

/// <summary>Makes what analysts read of a job: its views, and the function that looks back.</summary>
internal static class JobViews
{
    private const string ExistingColumns =
        "SELECT attname::text FROM pg_attribute WHERE attrelid = to_regclass(@view) AND attnum > 0 AND NOT attisdropped ORDER BY attnum";

    private const string Remember =
        "UPDATE scoring.jobs SET views_sha256 = @sha256, applied_at = clock_timestamp() WHERE name = @job AND views_sha256 IS DISTINCT FROM @sha256";

    /// <summary>Makes them or brings them up to the layout, in the caller's transaction, and leaves them alone where they are. The job is in <c>scoring.jobs</c>.</summary>
    /// <param name="connection">The owner's.</param>
    /// <param name="layout">The job's predictions.</param>
    /// <param name="compares">Whether the job has a challenger, whose table is there.</param>
    /// <returns>Whether anything had to be made or altered.</returns>
    public static async Task<bool> ApplyAsync(NpgsqlConnection connection, PredictionLayout layout, bool compares, CancellationToken cancellationToken)
    {
        JobView[] wanted = [LatestView.Define(layout), HistoryView.Define(layout), .. compares ? new[] { ComparisonView.Define(layout) } : []];
        var existing = new List<IReadOnlyList<string>>();
        foreach (var view in wanted)
            existing.Add(await ReadColumnsAsync(connection, view, cancellationToken));
        var differ = await connection.ExecuteAsync(new CommandDefinition(
            Remember, new { job = layout.Job, sha256 = Hash(Create(layout, wanted)) }, cancellationToken: cancellationToken)) > 0;
        if (!differ && existing.TrueForAll(columns => columns.Count > 0))
            return false;
        var sql = Create(layout, [.. wanted.Zip(existing, (view, columns) => view.InOrderOf(columns))]);
        await connection.ExecuteAsync(new CommandDefinition(sql, cancellationToken: cancellationToken));
        return true;
    }

    /// <param name="layout">The job's predictions.</param>
    /// <param name="views">Its views, the latest first.</param>
    private static string Create(PredictionLayout layout, IReadOnlyList<JobView> views) =>
        string.Join('\n', [.. views.Select(view => view.Create()), AsOfFunction.Create(layout, views[0])]);

    private static async Task<IReadOnlyList<string>> ReadColumnsAsync(NpgsqlConnection connection, JobView view, CancellationToken cancellationToken) =>
        [.. await connection.QueryAsync<string>(new CommandDefinition(ExistingColumns, new { view = view.Name }, cancellationToken: cancellationToken))];

    private static string Hash(string sql) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql)));
}

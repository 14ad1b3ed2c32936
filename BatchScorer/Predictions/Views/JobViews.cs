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
    /// <returns>Whether anything had to be made or altered.</returns>
    public static async Task<bool> ApplyAsync(NpgsqlConnection connection, PredictionLayout layout, CancellationToken cancellationToken)
    {
        var latest = LatestView.Define(layout);
        var history = HistoryView.Define(layout);
        var ofLatest = await ReadColumnsAsync(connection, latest, cancellationToken);
        var ofHistory = await ReadColumnsAsync(connection, history, cancellationToken);
        var differ = await connection.ExecuteAsync(new CommandDefinition(
            Remember, new { job = layout.Job, sha256 = Hash(Create(layout, latest, history)) }, cancellationToken: cancellationToken)) > 0;
        if (!differ && ofLatest.Count > 0 && ofHistory.Count > 0)
            return false;
        var sql = Create(layout, latest.InOrderOf(ofLatest), history.InOrderOf(ofHistory));
        await connection.ExecuteAsync(new CommandDefinition(sql, cancellationToken: cancellationToken));
        return true;
    }

    private static string Create(PredictionLayout layout, JobView latest, JobView history) =>
        string.Join('\n', latest.Create(), history.Create(), AsOfFunction.Create(layout, latest));

    private static async Task<IReadOnlyList<string>> ReadColumnsAsync(NpgsqlConnection connection, JobView view, CancellationToken cancellationToken) =>
        [.. await connection.QueryAsync<string>(new CommandDefinition(ExistingColumns, new { view = view.Name }, cancellationToken: cancellationToken))];

    private static string Hash(string sql) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(sql)));
}

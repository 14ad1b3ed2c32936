using BatchScorer.Jobs;
using Dapper;
using Npgsql;

namespace BatchScorer.Runs.Retention;

/// <summary>How long a job's predictions, rejected rows and runs are kept, as the database goes by it.</summary>
/// <param name="Predictions">From the day on which their run was planned; null for good.</param>
/// <param name="Newest">Whether the newest published prediction of each key is kept, whatever its age.</param>
/// <param name="RejectedRows">Null for as long as their runs.</param>
/// <param name="Runs">Of those that have no predictions any more; null for good.</param>
internal sealed record RetentionTerms(TimeSpan? Predictions, bool Newest, TimeSpan? RejectedRows, TimeSpan? Runs)
{
    private const string Columns = "keep_predictions AS predictions, keep_newest AS newest, keep_rejected_rows AS rejected_rows, keep_runs AS runs";

    private const string Select = $"SELECT {Columns} FROM scoring.retention WHERE job = @job";

    private const string Write =
        """
        INSERT INTO scoring.retention AS terms (job, keep_predictions, keep_newest, keep_rejected_rows, keep_runs)
        VALUES (@job, @Predictions, @Newest, @RejectedRows, @Runs)
        ON CONFLICT (job) DO UPDATE
        SET keep_predictions = excluded.keep_predictions, keep_newest = excluded.keep_newest, keep_rejected_rows = excluded.keep_rejected_rows, keep_runs = excluded.keep_runs
        WHERE (terms.keep_predictions, terms.keep_newest, terms.keep_rejected_rows, terms.keep_runs)
            IS DISTINCT FROM (excluded.keep_predictions, excluded.keep_newest, excluded.keep_rejected_rows, excluded.keep_runs)
        """;

    /// <summary>What a job file says.</summary>
    public static RetentionTerms Of(JobKeep keep) => new(keep.Predictions, keep.Newest, keep.RejectedRows, keep.Runs);

    /// <summary>What the database was told of a job last; null when nothing was.</summary>
    public static Task<RetentionTerms?> ReadAsync(NpgsqlConnection connection, string job, CancellationToken cancellationToken) =>
        connection.QuerySingleOrDefaultAsync<RetentionTerms>(new CommandDefinition(Select, new { job }, cancellationToken: cancellationToken));

    /// <summary>Tells the database, as the owner of the schema, in the caller's transaction. Partitions made from then on are as wide as that takes.</summary>
    /// <returns>Whether it had been told otherwise before.</returns>
    public async Task<bool> ApplyAsync(NpgsqlConnection connection, string job, CancellationToken cancellationToken) =>
        await connection.ExecuteAsync(new CommandDefinition(Write, new { job, Predictions, Newest, RejectedRows, Runs }, cancellationToken: cancellationToken)) > 0;
}

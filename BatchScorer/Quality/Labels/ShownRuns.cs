using Dapper;
using Npgsql;

namespace BatchScorer.Quality.Labels;

/// <summary>Since when readers were shown predictions of a job, as far as it matters to its labels.</summary>
internal sealed record ShownRuns
{
    // Whoever publishes or withdraws holds this lock from before the instant is taken until it is committed. So once it was free, all that
    // is shown before the instant that is read then is there to be seen.
    private const string Settle = "SELECT pg_advisory_xact_lock(hashtextextended('batchscorer publications of ' || @job, 0))";

    private const string Clock = "SELECT clock_timestamp()";

    // What a job keeps no longer cannot have been shown, and so labels of before that are as they are.
    private const string Select =
        """
        SELECT greatest(min(first), (SELECT whole_since FROM scoring.retention WHERE job = @job)) AS since,
               min(first) FILTER (WHERE last_withdrawn > @to OR (last_shown > @to AND last_shown > first)) AS changed_since,
               max(greatest(last_shown, last_withdrawn)) AS last_change
        FROM (
            SELECT min(shown_from) AS first, max(shown_from) AS last_shown, max(shown_to) AS last_withdrawn
            FROM scoring.run_publications JOIN scoring.runs AS run USING (run_id)
            WHERE run.job = @job
            GROUP BY run_id
        ) AS run
        """;

    /// <summary>The instant since when it is known what was shown; null where nothing ever was.</summary>
    public DateTime? Since { get; init; }

    /// <summary>Since when a run was first shown that was withdrawn, or shown again, since labels were last compared with it.</summary>
    public DateTime? ChangedSince { get; init; }

    /// <summary>The last instant at which anything was published or withdrawn.</summary>
    public DateTime? LastChange { get; init; }

    /// <summary>The instant up to which nothing more can be published. Labels up to then may be compared.</summary>
    public static async Task<DateTime> SettleAsync(NpgsqlConnection connection, string job, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(Settle, new { job }, cancellationToken: cancellationToken));
        return await connection.ExecuteScalarAsync<DateTime>(new CommandDefinition(Clock, cancellationToken: cancellationToken));
    }

    /// <param name="connection">In the transaction that compares.</param>
    /// <param name="job">The job.</param>
    /// <param name="to">The last change that is accounted for; null for none.</param>
    public static Task<ShownRuns> ReadAsync(NpgsqlConnection connection, string job, DateTime? to, CancellationToken cancellationToken) =>
        connection.QuerySingleAsync<ShownRuns>(new CommandDefinition(Select, new { job, to }, cancellationToken: cancellationToken));
}

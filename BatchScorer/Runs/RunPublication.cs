using Dapper;
using Npgsql;

namespace BatchScorer.Runs;

/// <summary>
/// When readers see a run's predictions. Whatever is to be seen or to go with them changes here, in the caller's transaction: it holds
/// the job's lock to its end, so that the times of publications are in the order in which readers see them.
/// </summary>
/// <remarks>The caller has locked the run's row before, and sets its state.</remarks>
internal static class RunPublication
{
    private const string Lock = "SELECT pg_advisory_xact_lock(hashtextextended('batchscorer publications of ' || @job, 0))";

    private const string Open = "INSERT INTO scoring.run_publications (run_id, shown_from) VALUES (@runId, clock_timestamp())";

    private const string Close = "UPDATE scoring.run_publications SET shown_to = clock_timestamp() WHERE run_id = @runId AND shown_to IS NULL";

    // The instant is taken last in the transaction, so that readers see the change as soon as can be after it.

    /// <summary>Shows the run from now on; what a replay took up is resolved.</summary>
    public static async Task ShowAsync(NpgsqlConnection connection, long runId, string job, CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync(new CommandDefinition(Lock, new { job }, cancellationToken: cancellationToken));
        await TakenUpRows.ResolveAsync(connection, runId, cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(Open, new { runId }, cancellationToken: cancellationToken));
    }

    /// <summary>Hides the run from now on: readers see what there was before it, and what a replay took up is no longer resolved.</summary>
    public static async Task HideAsync(NpgsqlConnection connection, long runId, string job, CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync(new CommandDefinition(Lock, new { job }, cancellationToken: cancellationToken));
        await TakenUpRows.UnresolveAsync(connection, runId, cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(Close, new { runId }, cancellationToken: cancellationToken));
    }
}

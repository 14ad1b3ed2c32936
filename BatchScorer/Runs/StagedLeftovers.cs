using Dapper;
using Npgsql;

namespace BatchScorer.Runs;

/// <summary>The staged tables of planners that died before they had written their runs.</summary>
internal static class StagedLeftovers
{
    // Whoever plans a run holds its lock until the run is written or given up. So where the lock is free the run is there by now, or
    // never will be: the function looks again.
    private const string DropWithoutRun =
        """
        WITH staged AS MATERIALIZED (
            SELECT substring(relname FROM '[0-9]+$')::bigint AS run_id
            FROM pg_class
            WHERE relnamespace = 'scoring'::regnamespace AND relkind = 'r' AND relname ~ '^source_of_run_[0-9]{1,18}$'
        ), without_run AS MATERIALIZED (
            SELECT run_id FROM staged WHERE NOT EXISTS (SELECT FROM scoring.runs WHERE runs.run_id = staged.run_id)
        )
        SELECT count(*) FILTER (WHERE scoring.drop_staged_source(run_id)) FROM without_run
        """;

    /// <summary>Drops them.</summary>
    /// <param name="connection">In no transaction.</param>
    public static Task DropAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(DropWithoutRun, cancellationToken: cancellationToken));
}

using Dapper;
using Npgsql;

namespace BatchScorer.Runs;

/// <summary>The staged tables of planners that died before they had written their runs.</summary>
internal static class StagedLeftovers
{
    // Whoever plans a run holds its lock until the run is written or given up. So where the lock is free the run is there by now, or
    // never will be. Another user's tables are left to that user.
    private const string LockFree =
        $$"""
        WITH staged AS MATERIALIZED (
            SELECT substring(relname FROM '[0-9]+$')::bigint AS run_id
            FROM pg_class
            WHERE relnamespace = 'scoring'::regnamespace AND relkind = 'r' AND relname ~ '^source_of_run_[0-9]{1,18}$' AND pg_has_role(relowner, 'USAGE')
        ), without_run AS MATERIALIZED (
            SELECT run_id FROM staged WHERE NOT EXISTS (SELECT FROM scoring.runs WHERE runs.run_id = staged.run_id)
        )
        SELECT run_id FROM without_run WHERE pg_try_advisory_xact_lock(hashtextextended({{SourceStaging.LockName}} || run_id, 0))
        """;

    private const string StillWithoutRun =
        "SELECT run_id FROM unnest(@free) AS free (run_id) WHERE NOT EXISTS (SELECT FROM scoring.runs WHERE runs.run_id = free.run_id)";

    /// <summary>Drops them.</summary>
    /// <param name="connection">In no transaction.</param>
    public static async Task DropAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var free = (await connection.QueryAsync<long>(new CommandDefinition(LockFree, cancellationToken: cancellationToken))).ToArray();
        // The lock may have come free by the commit that wrote the run, which only a new statement sees.
        foreach (var runId in await connection.QueryAsync<long>(new CommandDefinition(StillWithoutRun, new { free }, cancellationToken: cancellationToken)))
            await connection.ExecuteAsync(new CommandDefinition($"DROP TABLE IF EXISTS {SourceStaging.Quoted(SourceStaging.TableName(runId))}", cancellationToken: cancellationToken));
        await transaction.CommitAsync(cancellationToken);
    }
}

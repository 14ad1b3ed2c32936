using Dapper;
using Npgsql;

namespace BatchScorer.Runs;

/// <summary>What the ledger knows of the slots of jobs.</summary>
internal static class RunSlots
{
    private const string IsOver =
        $"SELECT EXISTS (SELECT FROM scoring.runs WHERE job = @job AND slot = @slot AND state NOT IN {RunStates.Open})";

    private const string Last = "SELECT max(slot) FROM scoring.runs WHERE job = @job";

    /// <summary>Whether a slot has had its run, published or given up: nothing is left to do for it.</summary>
    public static async Task<bool> IsOverAsync(NpgsqlDataSource database, string job, DateTimeOffset slot, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition(IsOver, new { job, slot = slot.UtcDateTime }, cancellationToken: cancellationToken));
    }

    /// <summary>The latest slot of a job that has a run, in whatever state; null when none has.</summary>
    public static async Task<DateTimeOffset?> LastAsync(NpgsqlDataSource database, string job, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<DateTime?>(new CommandDefinition(Last, new { job }, cancellationToken: cancellationToken));
    }
}

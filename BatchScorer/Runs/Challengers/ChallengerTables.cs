using BatchScorer.Predictions;
using Dapper;
using Npgsql;

namespace BatchScorer.Runs.Challengers;

/// <summary>The tables to which jobs' challengers write. They are the owner's; who runs jobs asks for partitions.</summary>
internal static class ChallengerTables
{
    private const string EnsurePartition = "SELECT scoring.ensure_challenger_partition(@job, @plannedOn::date)";

    private const string DropExpired = "SELECT scoring.drop_expired_challenger(@job)";

    /// <summary>Makes the table for a job's challengers, or adds the columns that the job has gained, in the caller's transaction.</summary>
    /// <param name="connection">The owner's.</param>
    /// <param name="predictions">The job's own predictions, whose table is there.</param>
    /// <returns>Whether anything was made or altered.</returns>
    public static Task<bool> ApplyAsync(NpgsqlConnection connection, PredictionLayout predictions, CancellationToken cancellationToken) =>
        PredictionsTable.ApplyAsync(connection, predictions.OfChallenger(), cancellationToken);

    /// <summary>Makes the partition beside that of the job's own predictions of this day, unless it is there.</summary>
    public static Task EnsurePartitionAsync(NpgsqlConnection connection, string job, string plannedOn, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(EnsurePartition, new { job, plannedOn }, cancellationToken: cancellationToken));

    /// <summary>Drops the partitions beside which no predictions are left; later, where they are in use.</summary>
    public static Task DropExpiredAsync(NpgsqlConnection connection, string job, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(DropExpired, new { job }, cancellationToken: cancellationToken));
}

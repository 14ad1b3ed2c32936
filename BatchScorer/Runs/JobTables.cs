using BatchScorer.Postgres;
using BatchScorer.Predictions;
using BatchScorer.Predictions.Views;
using BatchScorer.Runs.Challengers;
using BatchScorer.Runs.Retention;
using Dapper;

namespace BatchScorer.Runs;

/// <summary>Makes what a job writes to.</summary>
internal static class JobTables
{
    // As scoring.grant_access does: those who make tables and give rights on them do so one after the other.
    private const string Lock = "SELECT pg_advisory_xact_lock(hashtextextended('batchscorer tables and rights', 0))";

    private const string Enter =
        "INSERT INTO scoring.jobs (name, model_sha256) VALUES (@job, @modelSha256) ON CONFLICT (name) DO UPDATE SET applied_at = clock_timestamp(), model_sha256 = @modelSha256";

    private const string Grant = "SELECT scoring.grant_job_access(@job)";

    /// <summary>Makes the job's predictions table and views, or adds the columns that the job has gained; all or nothing.</summary>
    /// <returns>Whether anything was made or altered.</returns>
    public static async Task<bool> ApplyAsync(Database database, PlannedJob job, CancellationToken cancellationToken)
    {
        await using var connection = await database.Writers.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(Lock, cancellationToken: cancellationToken));
        await connection.ExecuteAsync(new CommandDefinition(Enter, new { job = job.Name, modelSha256 = job.Manifest.Model.Sha256 }, cancellationToken: cancellationToken));
        var altered = await PredictionsTable.ApplyAsync(connection, job.Predictions, cancellationToken);
        altered |= await RetentionTerms.Of(job.Definition.Keep).ApplyAsync(connection, job.Name, cancellationToken);
        if (job.Challenger is not null)
            altered |= await ChallengerTables.ApplyAsync(connection, job.Predictions, cancellationToken);
        altered |= await JobViews.ApplyAsync(connection, job.Predictions, job.Challenger is not null, cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(Grant, new { job = job.Name }, cancellationToken: cancellationToken));
        await transaction.CommitAsync(cancellationToken);
        return altered;
    }
}

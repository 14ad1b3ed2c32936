using System.Data;
using BatchScorer.Errors;
using BatchScorer.Jobs;
using BatchScorer.Postgres;
using BatchScorer.Quality.Labels;
using BatchScorer.Quality.Slices;
using BatchScorer.Runs;
using Dapper;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace BatchScorer.Quality;

/// <summary>How good a job's predictions were: takes up what has become known, and measures it.</summary>
internal sealed class JobQuality(Database database, ILogger<JobQuality> logger)
{
    private const string Lock = "SELECT pg_advisory_lock(hashtextextended('batchscorer labels of ' || @job, 0))";

    private const string Unlock = "SELECT pg_advisory_unlock(hashtextextended('batchscorer labels of ' || @job, 0))";

    /// <summary>Takes up labels after a run of a job that has them. A fault is logged, and takes nothing from the run.</summary>
    public async Task FollowRunAsync(Job job, CancellationToken cancellationToken)
    {
        if (job.Definition.Labels is null)
            return;
        try
        {
            await UpdateAsync(job, all: false, progress: null, cancellationToken);
        }
        catch (Exception fault) when (fault is BatchScorerException or NpgsqlException || PassingFault.Is(fault))
        {
            QualityLogs.LabelsNotTakenUp(logger, job.Name, fault.Message);
        }
    }

    /// <summary>Takes up the labels that are new or corrected, and computes <c>scoring.quality</c> anew where that changes it; all or nothing.</summary>
    /// <param name="job">The job.</param>
    /// <param name="all">Whether to look at every label, however old.</param>
    /// <param name="progress">Told what is being done, in a word or two.</param>
    /// <exception cref="BatchScorerException">The job has no labels, or they will not do; with the place in its file.</exception>
    public async Task<Intake> UpdateAsync(Job job, bool all, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        var source = await LabelSource.FindAsync(database.Readers, job, cancellationToken);
        await using var reader = await database.Readers.OpenConnectionAsync(cancellationToken);
        await using var connection = await database.Writers.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(Lock, new { job = job.Name }, cancellationToken: cancellationToken));
        try
        {
            var to = await ShownRuns.SettleAsync(connection, job.Name, cancellationToken);
            var intake = await UpdateAsync(connection, new LabelIntake(connection, reader, job, source, progress), job, source, to, all, progress, cancellationToken);
            QualityLogs.LabelsTakenUp(logger, job.Name, intake.Read, intake.Changed);
            return intake;
        }
        finally
        {
            if (connection.State is ConnectionState.Open)
                await connection.ExecuteAsync(Unlock, new { job = job.Name });
        }
    }

    /// <summary>Measures what has been taken up.</summary>
    /// <param name="job">The job.</param>
    /// <param name="kinds">Into what to cut.</param>
    /// <param name="from">The first time of a label; null for all.</param>
    /// <param name="to">The time behind the last one; null for all.</param>
    /// <param name="detailed">Whether calibration and confusion are wanted too.</param>
    /// <exception cref="BatchScorerException">The job has no labels, or they do not fit its predictions.</exception>
    public async Task<QualityRecord> ReadAsync(
        Job job, IReadOnlyList<SliceKind> kinds, DateTime? from, DateTime? to, bool detailed, CancellationToken cancellationToken)
    {
        var comparison = await LabelSource.CompareAsync(database.Readers, job, cancellationToken);
        await using var connection = await database.Writers.OpenConnectionAsync(cancellationToken);
        return new QualityRecord
        {
            Job = job.Name,
            Kind = comparison.Kind,
            Output = comparison.Output,
            Threshold = comparison.Kind is LabelKind.Binary ? comparison.Threshold : null,
            Slices = await new SliceReader(job.Name, comparison).ReadAsync(connection, kinds, from, to, detailed, cancellationToken),
        };
    }

    private static async Task<Intake> UpdateAsync(
        NpgsqlConnection connection, LabelIntake labels, Job job, LabelSource source, DateTime to, bool all, IProgress<string>? progress, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        // It writes to nothing that is anybody's source, and so no window has to wait for it. Labels are joined and sorted by the million.
        await connection.ExecuteAsync(new CommandDefinition(
            "SELECT set_config('application_name', @name, true), set_config('work_mem', '64MB', true), set_config('jit', 'off', true)", new { name = SourceStaging.SessionName }, cancellationToken: cancellationToken));
        var before = await LabelProgress.ReadAsync(connection, job.Name, cancellationToken);
        var valid = before?.Definition == source.Definition ? before : null;
        var shown = await ShownRuns.ReadAsync(connection, job.Name, valid?.PublicationsTo, cancellationToken);
        var (intake, newest) = await labels.TakeUpAsync(valid, shown, to, all, cancellationToken);

        var measuredBy = QualityTable.MeasuredBy(source.Comparison);
        if (intake.Changed > 0 || before?.MeasuredBy != measuredBy)
        {
            progress?.Report("measuring");
            var slices = await new SliceReader(job.Name, source.Comparison).ReadAsync(connection, Enum.GetValues<SliceKind>(), null, null, detailed: false, cancellationToken);
            await QualityTable.WriteAsync(connection, job.Name, slices, to, cancellationToken);
        }

        await new LabelProgress { NewestLabel = newest, PublicationsTo = shown.LastChange, Definition = source.Definition, MeasuredBy = measuredBy }
            .WriteAsync(connection, job.Name, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return intake;
    }
}

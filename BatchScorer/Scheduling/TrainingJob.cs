using System.Globalization;
using BatchScorer.Errors;
using BatchScorer.Jobs;
using BatchScorer.Postgres;
using BatchScorer.Training;
using Microsoft.Extensions.Logging;
using Quartz;

namespace BatchScorer.Scheduling;

/// <summary>
/// A firing of a job's <c>retrain.schedule</c>, or the beginning of an alarm that it names: trains its model. The ledger decides whether the slot has had its training, so that one node does it. What
/// fails is left to the next slot, or to people.
/// </summary>
internal sealed class TrainingJob(KnownJobs jobs, Func<JobCatalog> readJobs, JobTraining training, ILogger<TrainingJob> logger) : IJob
{
    /// <summary>The datum that an alarm began at this instant, for which the model is trained.</summary>
    public const string AlarmSince = "alarmSince";

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        var name = context.JobDetail.Key.Name;
        if (jobs.Find(name) is not { Definition.Retrain: { } retrain } job)
        {
            SchedulingLogs.JobUnknown(logger, name);
            context.Result = JobRunReport.Failed("this node has no usable job file");
            return;
        }

        var since = context.MergedJobDataMap.TryGetString(AlarmSince, out var beginning) ? DateTimeOffset.Parse(beginning!, CultureInfo.InvariantCulture) : (DateTimeOffset?)null;
        var slot = since ?? (retrain.Schedule is { } schedule ? new Slots(schedule.ToJobSchedule()).Latest(context.FireTimeUtc) : null) ?? context.FireTimeUtc;
        var reason = since is null ? TrainingReason.Schedule : TrainingReason.Alarm;
        try
        {
            var trained = await training.TrainAsync(job, new TrainingRequest(reason) { Slot = slot }, readJobs(), new Progress<string>(), cancellationToken);
            context.Result = trained is null ? JobRunReport.Skipped("the slot had its training") : JobRunReport.Succeeded($"{trained.Reference()}");
        }
        catch (BatchScorerException other) when (other.ExitCode is ExitCode.UnderWayElsewhere)
        {
            SchedulingLogs.TrainingUnderWay(logger, name, slot);
            context.Result = JobRunReport.Skipped(other.Message);
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            if (fault is BatchScorerException || PassingFault.Is(fault))
                SchedulingLogs.TrainingFailed(logger, name, slot, fault.Message);
            else
                SchedulingLogs.TrainingFaulted(logger, name, slot, fault);
            context.Result = JobRunReport.Failed(fault.Message);
        }
    }
}

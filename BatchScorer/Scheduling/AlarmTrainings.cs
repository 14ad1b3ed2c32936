using System.Globalization;
using BatchScorer.Alarms;
using BatchScorer.Jobs;
using BatchScorer.Postgres;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Quartz;

namespace BatchScorer.Scheduling;

/// <summary>
/// Has the model of a job trained for which an alarm stands that <c>retrain.onAlarm</c> names: once each time that one begins. Every node
/// asks for it, and the ledger, which has one training for each beginning, decides which does it.
/// </summary>
internal sealed class AlarmTrainings(KnownJobs jobs, AlarmCatalog alarms, ISchedulerFactory schedulers, NodeOptions options, ILogger<AlarmTrainings> logger) : BackgroundService
{
    private const string Group = "trainings after alarms";

    /// <summary>What this node has asked for: when the alarm began, by job.</summary>
    private readonly Dictionary<string, DateTime> asked = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(options.SweepEvery, stoppingToken);
            try
            {
                foreach (var job in jobs.All)
                    await LookAsync(job, stoppingToken);
            }
            catch (Exception fault) when (fault is NpgsqlException or SchedulerException || PassingFault.Is(fault))
            {
                SchedulingLogs.TrainingNotAsked(logger, fault.GetBaseException().Message);
            }
        }
    }

    private async Task LookAsync(Job job, CancellationToken cancellationToken)
    {
        if (job.Definition.Retrain?.OnAlarm is not { } kinds
            || await alarms.StandingSinceAsync(job.Name, kinds, cancellationToken) is not { } since
            || asked.GetValueOrDefault(job.Name) == since)
            return;
        var scheduler = await schedulers.GetScheduler(cancellationToken);
        var beginning = since.ToString("O", CultureInfo.InvariantCulture);
        var training = JobBuilder.Create<TrainingJob>().WithIdentity(job.Name, Group).Build();
        var now = TriggerBuilder.Create().WithIdentity($"{job.Name} since {beginning}", Group).WithExecutionGroup(TrainingSchedules.ExecutionGroup)
            .UsingJobData(TrainingJob.AlarmSince, beginning).StartNow().Build();
        await scheduler.ScheduleJob(training, [now], ScheduleJobOptions.Replacing, cancellationToken);
        asked[job.Name] = since;
    }
}

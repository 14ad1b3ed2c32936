using BatchScorer.Alarms;
using BatchScorer.Alarms.Notices;
using BatchScorer.Postgres;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace BatchScorer.Scheduling;

/// <summary>Has a node look after the alarms of its jobs that are of no run, and tell webhooks what is due, whichever node or command wrote it.</summary>
internal sealed class AlarmSweeper(KnownJobs jobs, JobAlarmWatch watch, NoticeDelivery delivery, NodeOptions options, ILogger<AlarmSweeper> logger) : BackgroundService
{
    // A receiver that does not answer keeps nobody from looking.
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        RepeatAsync(LookAsync, stoppingToken),
        RepeatAsync(delivery.DeliverDueAsync, stoppingToken));

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        foreach (var job in jobs.All)
            await watch.LookAsync(job.Definition, cancellationToken);
    }

    private async Task RepeatAsync(Func<CancellationToken, Task> sweep, CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(options.SweepEvery, cancellationToken);
            try
            {
                await sweep(cancellationToken);
            }
            catch (Exception fault) when (fault is NpgsqlException || PassingFault.Is(fault))
            {
                AlarmLogs.NotSwept(logger, fault.GetBaseException().Message);
            }
        }
    }
}

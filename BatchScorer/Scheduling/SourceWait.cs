using System.Globalization;
using BatchScorer.Jobs;
using Quartz;

namespace BatchScorer.Scheduling;

/// <summary>Has a job fire again while its source is not fresh, so that waiting takes up no place on a node and outlives it.</summary>
internal static class SourceWait
{
    private const string Group = "waiting";
    private const string UntilKey = "until";

    /// <summary>When the wait of which this firing is part is over; null for a firing that has not waited yet.</summary>
    public static DateTimeOffset? UntilOf(IJobExecutionContext context) =>
        context.MergedJobDataMap.GetString(UntilKey) is { } until ? DateTimeOffset.Parse(until, CultureInfo.InvariantCulture) : null;

    /// <summary>Has the job ask again.</summary>
    /// <returns>When the wait is over; null when that is now.</returns>
    public static async Task<DateTimeOffset?> TryGoOnAsync(IJobExecutionContext context, SourceFreshness fresh, CancellationToken cancellationToken)
    {
        var now = context.Scheduler.TimeProvider.GetUtcNow();
        var until = UntilOf(context) ?? now + fresh.Limit;
        if (now >= until)
            return null;
        var at = now + fresh.Every;
        var data = new JobDataMap { { UntilKey, until.ToString("O", CultureInfo.InvariantCulture) } };
        var again = ScheduleTrigger.Once(context.JobDetail.Key.Name, Group, at < until ? at : until, data);
        // A slot that comes due while an earlier one waits has that one's limit.
        await OfferAsync(context.Scheduler, again, cancellationToken);
        return until;
    }

    private static async Task OfferAsync(IScheduler scheduler, ITrigger trigger, CancellationToken cancellationToken)
    {
        try
        {
            await scheduler.ScheduleTrigger(trigger, TriggerConflict.Keep, cancellationToken);
        }
        catch (SchedulerException) when (scheduler.Status is SchedulerStatus.ShuttingDown or SchedulerStatus.Shutdown)
        {
            // A scheduler that stops takes nothing any more, and interrupts its firings a moment later. Those are handed to another node.
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }
    }
}

using System.Globalization;
using BatchScorer.Runs.Backfills;
using Quartz;

namespace BatchScorer.Scheduling;

/// <summary>
/// Has a node take up each backfill that was enqueued. The ledger alone says which these are; here is only whether a node is at one. So nothing is
/// recovered by Quartz: whatever became of the node that was, the next look finds the backfill.
/// </summary>
internal sealed class BackfillTriggers(BackfillStore store)
{
    /// <summary>The execution group by which a node limits how many it takes.</summary>
    public const string ExecutionGroup = "backfills";

    /// <summary>How many backfills a node takes at once: one that waits for a long run of its job does not hold up another job's.</summary>
    public const int MostOfNode = 2;

    private const string Group = "backfills";

    private static readonly JobKey Job = new("backfill", "runs");

    public static IJobDetail CreateJob() => JobBuilder.Create<BackfillJob>().WithIdentity(Job).StoreDurably().Build();

    public static long BackfillOf(IJobExecutionContext context) => long.Parse(context.Trigger.Key.Name, CultureInfo.InvariantCulture);

    /// <summary>Offers those on which no node is.</summary>
    /// <param name="scheduler">Where they wait for a node with room.</param>
    public async Task OfferAsync(IScheduler scheduler, CancellationToken cancellationToken)
    {
        var enqueued = await store.EnqueuedAsync(cancellationToken);
        if (enqueued.Count == 0)
            return;
        var firings = await scheduler.QueryFireInstances(new FireInstanceQuery { Job = Job, Take = PagedQuery.All }, cancellationToken);
        var worked = firings.Items.Select(firing => firing.TriggerKey.Name).ToHashSet();
        foreach (var name in enqueued.Select(id => id.ToString(CultureInfo.InvariantCulture)).Where(name => !worked.Contains(name)))
        {
            await scheduler.ScheduleTrigger(
                TriggerBuilder.Create()
                    .WithIdentity(name, Group).ForJob(Job).WithExecutionGroup(ExecutionGroup)
                    // Firings of schedules and partitions of runs go first. Another node may have offered it a moment ago.
                    .WithPriority(TriggerConstants.DefaultPriority - 2).WithOverlapPolicy(OverlapPolicy.Skip).StartAt(scheduler.TimeProvider.GetUtcNow())
                    .WithSchedule(SimpleScheduleBuilder.Create().WithMisfireInstruction(SimpleTriggerMisfireInstruction.IgnoreMisfires))
                    .Build(),
                TriggerConflict.Keep,
                cancellationToken);
        }
    }
}

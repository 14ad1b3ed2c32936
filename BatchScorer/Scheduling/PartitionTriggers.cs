using System.Globalization;
using BatchScorer.Jobs;
using Quartz;

namespace BatchScorer.Scheduling;

/// <summary>A worker's place on a run.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Number">Which of the run's workers it is, from 1 on; the first is who planned it, as long as that one lives.</param>
/// <param name="Most">How many the run has use for.</param>
internal sealed record Place(long RunId, int Number, int Most)
{
    public Place? Next => Number < Most ? this with { Number = Number + 1 } : null;
}

/// <summary>
/// Asks for workers on a run. One place at a time is on offer, as a trigger that waits until a node has room; who takes it offers the next. So the
/// transaction that plans a run holds Quartz's locks for one trigger only, a node that is started later takes part, and little is left over at the end.
/// </summary>
internal sealed class PartitionTriggers(NodeOptions options)
{
    /// <summary>The execution group by which a node limits how many it takes.</summary>
    public const string ExecutionGroup = "partitions";

    private const string RunKey = "run";
    private const string NumberKey = "number";
    private const string MostKey = "most";

    private static readonly JobKey Job = new("partition", "runs");

    public static IJobDetail CreateJob() => JobBuilder.Create<PartitionJob>().WithIdentity(Job).RequestRecovery().StoreDurably().Build();

    public static Place PlaceOf(IJobExecutionContext context)
    {
        var data = context.MergedJobDataMap;
        return new Place(long.Parse(data.GetString(RunKey)!, CultureInfo.InvariantCulture), Number(NumberKey), Number(MostKey));

        int Number(string key) => int.Parse(data.GetString(key)!, CultureInfo.InvariantCulture);
    }

    /// <summary>How many workers a run has use for. In memory there are no other nodes, and one worker has all partitions in this process.</summary>
    public int Most(JobWork work, long chunks) => (int)Math.Min(!options.Cluster ? 1 : work.Partitions == 0 ? int.MaxValue : work.Partitions, chunks);

    /// <summary>Offers a place on a run. One that is on offer already stays as it is.</summary>
    /// <param name="scheduler">Where it waits for a node with room.</param>
    /// <param name="place">The place.</param>
    /// <param name="delay">How long nobody may take it.</param>
    public static async Task OfferAsync(IScheduler scheduler, Place place, TimeSpan delay, CancellationToken cancellationToken) =>
        await scheduler.ScheduleTrigger(
            TriggerBuilder.Create()
                .WithIdentity(Text(place.Number), $"run {place.RunId}").ForJob(Job).WithExecutionGroup(ExecutionGroup)
                .UsingJobData(RunKey, Text(place.RunId)).UsingJobData(NumberKey, Text(place.Number)).UsingJobData(MostKey, Text(place.Most))
                // Firings of schedules go first, and one that has waited long is as good as a new one.
                .WithPriority(TriggerConstants.DefaultPriority - 1).StartAt(scheduler.TimeProvider.GetUtcNow() + delay)
                .WithSchedule(SimpleScheduleBuilder.Create().WithMisfireInstruction(SimpleTriggerMisfireInstruction.IgnoreMisfires))
                .Build(),
            TriggerConflict.Keep,
            cancellationToken);

    /// <summary>Whether the cluster works on more partitions than it may, the one that asks included.</summary>
    public async Task<bool> IsBeyondLimitAsync(IScheduler scheduler, CancellationToken cancellationToken)
    {
        if (!options.Cluster || options.ClusterPartitions == 0)
            return false;
        var working = await scheduler.QueryFireInstances(new FireInstanceQuery { Job = Job, State = FireInstanceState.Executing, IncludeTotalCount = true, Take = 1 }, cancellationToken);
        return working.TotalCount > options.ClusterPartitions;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}

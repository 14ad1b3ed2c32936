using BatchScorer.Jobs;
using Quartz;

namespace BatchScorer.Scheduling;

/// <summary>
/// The instants at which a schedule is due. Times of a cron expression that a change to daylight saving time leaves out are due when the clock
/// has been put forward, and those that come twice when they come first; both are Quartz's doing. Intervals count from the beginning of 1970 in
/// UTC, so that every node and every restart has the same ones.
/// </summary>
internal sealed class Slots
{
    private readonly CronExpression? cron;
    private readonly TimeSpan every;

    public Slots(JobSchedule schedule)
    {
        cron = schedule.Cron is null ? null : new CronExpression(schedule.Cron, TimeZoneInfo.FindSystemTimeZoneById(schedule.TimeZone));
        every = schedule.Every ?? default;
    }

    /// <summary>The first slot behind an instant; null when there is none any more.</summary>
    public DateTimeOffset? Next(DateTimeOffset after) => cron is null ? Floor(after) + every : cron.GetNextValidTimeAfter(after);

    /// <summary>The last slot up to an instant, that instant included; null when there was none yet.</summary>
    public DateTimeOffset? Latest(DateTimeOffset until) => cron is null ? Floor(until) : cron.GetPreviousValidTimeBefore(until.AddTicks(1));

    /// <summary>The slots behind one instant and up to another, that one included.</summary>
    public IEnumerable<DateTimeOffset> Between(DateTimeOffset after, DateTimeOffset until)
    {
        for (var slot = Next(after); slot <= until; slot = Next(slot.Value))
            yield return slot.Value;
    }

    private DateTimeOffset Floor(DateTimeOffset instant) => new(instant.UtcTicks - (instant.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) % every.Ticks, TimeSpan.Zero);
}

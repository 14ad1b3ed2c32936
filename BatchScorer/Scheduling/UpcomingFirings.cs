using System.Globalization;
using BatchScorer.Jobs;

namespace BatchScorer.Scheduling;

/// <summary>When the jobs of this node's folder are due next, by their files.</summary>
internal sealed class UpcomingFirings(KnownJobs jobs, TimeProvider time)
{
    private const int Most = 3;

    /// <summary>Every job whose file is there, by name.</summary>
    public IReadOnlyList<UpcomingFiring> Read() =>
    [
        .. jobs.Names.Union(jobs.All.Select(job => job.Name)).Order(StringComparer.Ordinal)
            .Select(name => jobs.Find(name)?.Definition is { } definition
                ? new UpcomingFiring(name, definition.Description, definition.Schedule?.ToString(), definition.Schedule is { After: null } schedule ? Next(schedule, time.GetUtcNow()) : [])
                : new UpcomingFiring(name, null, null, []) { IsFaulty = true }),
    ];

    /// <summary>The next slots of a schedule behind an instant, in its time zone and with the offset from UTC.</summary>
    public static IReadOnlyList<string> Next(JobSchedule schedule, DateTimeOffset after)
    {
        var slots = new Slots(schedule);
        var zone = TimeZoneInfo.FindSystemTimeZoneById(schedule.TimeZone);
        var next = new List<string>();
        for (var slot = slots.Next(after); slot is not null && next.Count < Most; slot = slots.Next(slot.Value))
            next.Add(TimeZoneInfo.ConvertTime(slot.Value, zone).ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture));
        return next;
    }
}

/// <summary>When a job is due next.</summary>
/// <param name="Job">The job.</param>
/// <param name="Description">What its predictions mean.</param>
/// <param name="Schedule">Its schedule in words; null for a job that runs only when asked to.</param>
/// <param name="Next">The next slots with their offset from UTC, the next one first; none for a job that follows others.</param>
internal sealed record UpcomingFiring(string Job, string? Description, string? Schedule, IReadOnlyList<string> Next)
{
    /// <summary>Whether its file has faults, and has had none since the node was started.</summary>
    public bool IsFaulty { get; init; }
}

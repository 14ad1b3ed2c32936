using BatchScorer.Jobs;
using BatchScorer.Runs;

namespace BatchScorer.Scheduling;

/// <summary>Which slots a firing makes runs for, the one it fires for and those that were missed before it.</summary>
/// <param name="Runs">Each slot and why it has a run, oldest first.</param>
/// <param name="Merged">Missed slots beyond <see cref="CatchUp.Most"/> that have no run of their own: the last run covers them.</param>
internal sealed record CatchUpPlan(IReadOnlyList<(DateTimeOffset Slot, Trigger Trigger)> Runs, long Merged);

/// <summary>Makes up for slots that passed while nothing could run. No row is skipped, whatever is chosen: each window starts where the last one ended.</summary>
internal static class CatchUp
{
    /// <summary>The most runs that one firing makes.</summary>
    public const int Most = 1000;

    /// <summary>Plans a firing.</summary>
    /// <param name="job">The job, with a schedule.</param>
    /// <param name="last">The job's last slot that has a run; null when none has.</param>
    /// <param name="slot">The slot that fires.</param>
    public static CatchUpPlan Plan(JobDefinition job, DateTimeOffset? last, DateTimeOffset slot)
    {
        // Without a cursor every run would score the same rows.
        var each = job is { Schedule.Missed: MissedSlots.Each, Source.Mode: SourceMode.Window };
        var missed = each && last is not null ? new Slots(job.Schedule!).Between(last.Value, slot).TakeWhile(missed => missed < slot) : [];
        var runs = new List<(DateTimeOffset, Trigger)>();
        var merged = 0L;
        foreach (var earlier in missed)
        {
            if (runs.Count < Most - 1)
                runs.Add((earlier, Trigger.Catchup));
            else
                merged++;
        }

        return new CatchUpPlan([.. runs, (slot, Trigger.Schedule)], merged);
    }
}

using BatchScorer.Postgres;
using BatchScorer.Runs;
using Quartz;

namespace BatchScorer.Scheduling;

/// <summary>Fires the jobs that follow others. The ledger says when, so it does not matter who runs the jobs that they follow, and where.</summary>
internal sealed class FollowingJobs(KnownJobs jobs, Database database)
{
    private const string Group = "following";

    /// <summary>What this node has fired for last, by job: a firing that comes to nothing is not repeated before there is something new.</summary>
    private readonly Dictionary<string, DateTimeOffset> fired = [];

    /// <summary>Fires those that are due.</summary>
    public async Task FireDueAsync(IScheduler scheduler, CancellationToken cancellationToken)
    {
        foreach (var job in jobs.All.Select(job => job.Definition))
        {
            if (job.Schedule?.After is not { } followed
                || await FollowedRuns.FindDueAsync(database.Writers, job.Name, followed, cancellationToken) is not { } due
                || fired.GetValueOrDefault(job.Name) == due.Slot
                || await IsFiringAsync(scheduler, job.Name, cancellationToken))
                continue;
            var trigger = ScheduleTrigger.Once(job.Name, Group, scheduler.TimeProvider.GetUtcNow());
            await scheduler.ScheduleTrigger(trigger, TriggerConflict.Keep, cancellationToken);
            fired[job.Name] = due.Slot;
        }
    }

    /// <summary>Whether a node is at it, and about to plan what is due.</summary>
    private static async Task<bool> IsFiringAsync(IScheduler scheduler, string job, CancellationToken cancellationToken)
    {
        var query = new FireInstanceQuery { Job = ScheduleTrigger.JobKey(job), IncludeTotalCount = true, Take = 1 };
        return (await scheduler.QueryFireInstances(query, cancellationToken)).TotalCount > 0;
    }
}

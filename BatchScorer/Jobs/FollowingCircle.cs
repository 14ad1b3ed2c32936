using BatchScorer.Jobs.Json;

namespace BatchScorer.Jobs;

/// <summary>Jobs that follow each other round in a circle: each waits for the one before it, and none ever begins.</summary>
internal static class FollowingCircle
{
    private const string Property = "schedule.after";

    /// <summary>A fault for each of the jobs that follows itself by way of others.</summary>
    public static IEnumerable<FileFault> FindFaults(IReadOnlyList<Job> jobs)
    {
        var followed = jobs.ToDictionary(job => job.Name, job => job.Definition.Schedule?.After ?? []);
        foreach (var job in jobs)
        {
            if (Way(job.Name, job.Name, followed, []) is not { } circle)
                continue;
            yield return new FileFault(Path.GetFileName(job.File), new JobDocument(job.File).LineOf(Property), Property,
                $"{job.Name} follows {string.Join(", which follows ", circle)}: none of them would ever begin; take one out");
        }
    }

    /// <summary>The jobs on the way from one to another that it follows, that one last; null where there is no way.</summary>
    private static List<string>? Way(string from, string to, Dictionary<string, IReadOnlyList<string>> followed, HashSet<string> seen)
    {
        foreach (var next in followed.GetValueOrDefault(from, []))
        {
            if (next == to)
                return [next];
            if (seen.Add(next) && Way(next, to, followed, seen) is { } rest)
                return [next, .. rest];
        }

        return null;
    }
}

using System.Collections.Immutable;
using BatchScorer.Errors;
using BatchScorer.Jobs;
using Microsoft.Extensions.Logging;

namespace BatchScorer.Scheduling;

/// <summary>The jobs of a node's folder, each as it was when its file was last free of faults. Safe for readers beside the one who refreshes.</summary>
/// <param name="read">Reads the folder.</param>
/// <param name="logger">Told of faults, once for each content.</param>
internal sealed class KnownJobs(Func<JobCatalog> read, ILogger<KnownJobs> logger)
{
    private volatile ImmutableDictionary<string, Job> jobs = ImmutableDictionary<string, Job>.Empty;
    private ImmutableDictionary<string, string> faults = ImmutableDictionary<string, string>.Empty;
    private string? unreadable;

    /// <summary>All jobs that can run, by name.</summary>
    public IEnumerable<Job> All => jobs.Values.OrderBy(job => job.Name, StringComparer.Ordinal);

    /// <summary>The names of all files at the last reading, faulty ones too.</summary>
    public IReadOnlySet<string> Names { get; private set; } = ImmutableHashSet<string>.Empty;

    public Job? Find(string name) => jobs.GetValueOrDefault(name);

    /// <summary>Reads the folder again. A folder that cannot be read changes nothing.</summary>
    /// <returns>Whether it could be read.</returns>
    public bool Refresh()
    {
        try
        {
            Take(read());
            unreadable = null;
            return true;
        }
        catch (BatchScorerException fault)
        {
            if (unreadable != fault.Message)
                SchedulingLogs.FolderUnreadable(logger, fault.Message);
            unreadable = fault.Message;
            return false;
        }
    }

    private void Take(JobCatalog catalog)
    {
        Names = catalog.Names.ToImmutableHashSet();
        jobs = catalog.Jobs.ToImmutableDictionary(job => job.Name).AddRange(jobs.Where(known => Names.Contains(known.Key) && catalog.Jobs.All(job => job.Name != known.Key)));
        var found = catalog.Faults.GroupBy(fault => fault.File, fault => fault.ToString()).ToImmutableDictionary(file => file.Key, file => string.Join('\n', file));
        foreach (var (file, message) in found.Where(file => faults.GetValueOrDefault(file.Key) != file.Value).OrderBy(file => file.Key, StringComparer.Ordinal))
        {
            if (jobs.ContainsKey(Path.GetFileNameWithoutExtension(file)))
                SchedulingLogs.FileBroken(logger, file, message);
            else
                SchedulingLogs.FileUnusable(logger, file, message);
        }

        faults = found;
    }
}

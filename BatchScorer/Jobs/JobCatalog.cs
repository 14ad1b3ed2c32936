using BatchScorer.Errors;
using BatchScorer.Jobs.Json;

namespace BatchScorer.Jobs;

/// <summary>The jobs of a folder, one JSON file each, and what is wrong with the files that are none.</summary>
internal sealed class JobCatalog
{
    private readonly string folder;

    private JobCatalog(string folder, IReadOnlyList<string> names, IReadOnlyList<Job> jobs, IReadOnlyList<FileFault> faults)
    {
        this.folder = folder;
        Names = names;
        Jobs = jobs;
        Faults = faults;
    }

    /// <summary>The names of all files, faulty ones too, without <c>.json</c>.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The jobs whose files are free of faults, by name.</summary>
    public IReadOnlyList<Job> Jobs { get; }

    /// <summary>All faults of the other files, by file and line.</summary>
    public IReadOnlyList<FileFault> Faults { get; }

    /// <summary>Reads every <c>*.json</c> of a folder, JSON schemas (<c>*.schema.json</c>) apart; not the folders in it.</summary>
    /// <exception cref="BatchScorerException">There is no such folder, or it cannot be read.</exception>
    public static JobCatalog Read(string folder, JobReader reader)
    {
        var files = Files(folder);
        var readings = files.Select(reader.Read).ToList();
        var jobs = readings.Select(reading => reading.Job).OfType<Job>().ToList();
        var circular = FollowingCircle.FindFaults(jobs).ToList();
        return new JobCatalog(
            folder,
            [.. files.Select(Path.GetFileNameWithoutExtension).OfType<string>()],
            [.. jobs.Where(job => circular.All(fault => fault.File != Path.GetFileName(job.File)))],
            [.. readings.SelectMany(reading => reading.Faults).Concat(circular).OrderBy(fault => fault.File, StringComparer.Ordinal)]);
    }

    /// <summary>The job of this name.</summary>
    /// <exception cref="BatchScorerException">There is none, or its file has faults, which the message lists.</exception>
    public Job Find(string name)
    {
        if (Jobs.FirstOrDefault(job => job.Name == name) is { } job)
            return job;
        var faults = Faults.Where(fault => fault.File == $"{name}.json").ToList();
        if (faults.Count > 0)
            throw new BatchScorerException(ExitCode.BadConfiguration, string.Join('\n', faults));
        throw Unknown(name);
    }

    /// <summary>Makes sure that there is a file of this name, faulty or not.</summary>
    /// <exception cref="BatchScorerException">There is none.</exception>
    public void RequireName(string name)
    {
        if (!Names.Contains(name))
            throw Unknown(name);
    }

    private BatchScorerException Unknown(string name) => new(ExitCode.Usage, $"There is no job \"{name}\" in {folder}{Alternatives(name)}");

    private string Alternatives(string name)
    {
        if (Names.Count == 0)
            return ", nor any other.";
        var suggestion = Suggestion.For(name, Names);
        return suggestion.Length > 0 ? suggestion : $", expected one of {string.Join(", ", Names)}.";
    }

    private static List<string> Files(string folder)
    {
        try
        {
            return [.. Directory.EnumerateFiles(folder, "*.json")
                .Where(file => !file.EndsWith(".schema.json", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BatchScorerException(
                ExitCode.BadConfiguration, $"The jobs in {folder} cannot be read: {exception.Message}", exception);
        }
    }
}

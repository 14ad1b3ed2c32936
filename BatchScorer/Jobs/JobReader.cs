using BatchScorer.Jobs.Json;

namespace BatchScorer.Jobs;

/// <summary>Reads job files.</summary>
/// <param name="sourcesFolder">Where query files are, usually <c>sql/sources</c>.</param>
/// <param name="cronFault">Says what is wrong with a cron expression, or null where nothing is.</param>
internal sealed class JobReader(string sourcesFolder, Func<string, string?> cronFault)
{
    /// <summary>Reads one file and finds all of its faults.</summary>
    /// <returns>The job, null where there are faults; and the faults, in the order of their lines.</returns>
    public (Job? Job, IReadOnlyList<FileFault> Faults) Read(string file)
    {
        var faults = new FaultList(Path.GetFileName(file));
        var job = Read(file, faults);
        return (faults.IsEmpty ? job : null, faults.InOrder);
    }

    private Job? Read(string file, FaultList faults)
    {
        if (FileText.Read(file, "a JSON object", faults) is not { } text
            || JsonTreeReader.Read(text, faults) is not { } document
            || new JsonBinder(JobJson.Options, faults).Bind<JobDefinition>(document) is not { } definition)
            return null;

        new JobRules(definition, document, faults, cronFault).Check();
        return new JobFiles(file, sourcesFolder).Resolve(definition, document, faults);
    }
}

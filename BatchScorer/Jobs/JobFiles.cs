using BatchScorer.Errors;
using BatchScorer.Jobs.Json;

namespace BatchScorer.Jobs;

/// <summary>The files around a job: its own, its model's and its query's.</summary>
internal sealed class JobFiles(string file, string sourcesFolder)
{
    private readonly string folder = Path.GetDirectoryName(Path.GetFullPath(file))!;

    /// <summary>Finds the files a job names, and notes those that are not there.</summary>
    /// <returns>The job, which is of use only where no file is missing.</returns>
    public Job Resolve(JobDefinition definition, JsonTree document, FaultList faults)
    {
        if (faults.Sound("name") && Path.GetFileNameWithoutExtension(file) != definition.Name)
            faults.Add(document, "name", OtherName(definition.Name));

        var model = faults.Sound("model.path") && definition.Model.Path is { } written ? Path.GetFullPath(written, folder) : null;
        if (model is not null && !File.Exists(model))
            faults.Add(document, "model.path", Missing(definition.Model.Path!, model));

        var query = FindQuery("source.query", () => definition.Source.Query, document, faults);
        var freshQuery = FindQuery("source.fresh.query", () => definition.Source.Fresh?.Query, document, faults);
        var labelsQuery = FindQuery("labels.query", () => definition.Labels?.Query, document, faults);
        if (faults.Sound("schedule.after"))
            CheckFollowed(definition.Schedule?.After ?? [], document, faults);

        return new Job(definition, file, model, query, freshQuery, labelsQuery);
    }

    private string? FindQuery(string property, Func<string?> written, JsonTree document, FaultList faults)
    {
        if (!faults.Sound(property) || written() is not { } name)
            return null;
        var query = Path.GetFullPath(name, sourcesFolder);
        if (!File.Exists(query))
            faults.Add(document, property, Missing(name, query));
        return query;
    }

    private void CheckFollowed(IReadOnlyList<string> followed, JsonTree document, FaultList faults)
    {
        foreach (var (index, name) in followed.Index())
        {
            if (name == Path.GetFileNameWithoutExtension(file))
                faults.Add(document, JsonPath.Item("schedule.after", index), "a job cannot follow itself; take it out");
            else if (!File.Exists(JobFile(name)))
                faults.Add(document, JsonPath.Item("schedule.after", index), $"there is no job \"{name}\"{SuggestionFor(name, folder, ".json")}");
        }
    }

    private string JobFile(string name) => Path.Combine(folder, $"{name}.json");

    private string OtherName(string name)
    {
        var remedy = File.Exists(JobFile(name))
            ? $"{name}.json is there already, so give this job another name"
            : $"rename the file to {name}.json, or the job";
        return $"expected the name of the file {Path.GetFileName(file)}, got \"{name}\"; {remedy}";
    }

    private static string Missing(string written, string path)
    {
        var inFolder = Path.GetDirectoryName(path)!;
        if (Directory.Exists(path))
            return $"expected a file, but \"{written}\" is a folder";
        if (!Directory.Exists(inFolder))
            return $"there is no file \"{written}\", nor the folder it should be in";
        return $"there is no file \"{written}\"{SuggestionFor(written, inFolder)}";
    }

    private static string SuggestionFor(string written, string inFolder, string ending = "")
    {
        var name = Path.GetFileName(written);
        var known = Directory.EnumerateFiles(inFolder, $"*{ending}", new EnumerationOptions { IgnoreInaccessible = true })
            .Select(file => Path.GetFileName(file)[..^ending.Length])
            .Order(StringComparer.Ordinal);
        return Suggestion.Nearest(name, known) is { } nearest ? $", did you mean \"{written[..^name.Length]}{nearest}\"?" : "";
    }
}

namespace BatchScorer.Jobs.Json;

/// <summary>Collects the faults of one file, and knows which parts of it are sound.</summary>
internal sealed class FaultList(string file)
{
    private readonly List<FileFault> faults = [];
    private readonly List<string> doubtful = [];

    /// <summary>The faults so far, in the order of their lines.</summary>
    public IReadOnlyList<FileFault> InOrder => [.. faults.OrderBy(fault => fault.Line)];

    public bool IsEmpty => faults.Count == 0;

    public void Add(int line, string path, string message)
    {
        faults.Add(new FileFault(file, line, path, message));
        if (path.Length > 0)
            doubtful.Add(path);
    }

    /// <summary>Adds a fault at the place of a property, or where it would stand.</summary>
    public void Add(JsonTree document, string path, string message) => Add(document.Nearest(path).Line, path, message);

    /// <summary>Notes that a property is likely to be there under a wrong name.</summary>
    public void Doubt(string path) => doubtful.Add(path);

    /// <summary>Whether no fault has been found at, within or around any of these properties.</summary>
    public bool Sound(params ReadOnlySpan<string> paths)
    {
        foreach (var path in paths)
        {
            if (doubtful.Exists(fault => JsonPath.Contains(fault, path) || JsonPath.Contains(path, fault)))
                return false;
        }

        return true;
    }
}

namespace BatchScorer.Jobs.Json;

/// <summary>Collects the faults of one file, and knows which parts of it are sound.</summary>
internal sealed class FaultList(string file)
{
    private const int MaxLength = 500;

    private readonly List<FileFault> faults = [];
    private readonly List<string> doubtful = [];

    /// <summary>The faults so far, in the order of their lines.</summary>
    public IReadOnlyList<FileFault> InOrder => [.. faults.OrderBy(fault => fault.Line)];

    public bool IsEmpty => faults.Count == 0;

    /// <summary>Adds a fault.</summary>
    /// <param name="line">Its line, from 1; 0 for the whole file.</param>
    /// <param name="path">The property at fault; empty where the fault leaves every property as sound as it was.</param>
    /// <param name="message">What is wrong, what was expected and what to do.</param>
    /// <param name="doubted">The properties that cannot be relied on now; where none are given, the one at fault.</param>
    public void Add(int line, string path, string message, params ReadOnlySpan<string> doubted)
    {
        faults.Add(new FileFault(file, line, OneLine(path), OneLine(message)));
        if (doubted.Length > 0)
            doubtful.AddRange(doubted);
        else if (path.Length > 0)
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

    /// <summary>What a file holds may show up in a message, but never spread over lines or fill the screen.</summary>
    private static string OneLine(string text)
    {
        var line = string.Concat(text.Take(MaxLength).Select(letter => char.IsControl(letter) ? ' ' : letter));
        return text.Length > MaxLength ? line + "…" : line;
    }
}

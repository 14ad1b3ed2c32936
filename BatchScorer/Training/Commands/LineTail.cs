namespace BatchScorer.Training.Commands;

/// <summary>The last lines of what a process says. Safe for a writer beside the reader.</summary>
internal sealed class LineTail
{
    private const int Most = 10;
    private const int Longest = 400;

    private readonly Queue<string> lines = new();

    public void Add(string line)
    {
        lock (lines)
        {
            if (lines.Count == Most)
                lines.Dequeue();
            lines.Enqueue(line.Length > Longest ? $"{line[..Longest]}…" : line);
        }
    }

    public IReadOnlyList<string> Read()
    {
        lock (lines)
            return [.. lines];
    }
}

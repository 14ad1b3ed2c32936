using BatchScorer.Errors;

namespace BatchScorer.Exchange.Csv;

/// <summary>Collects what is wrong with a file, so that all of it is told at once, up to a number that people read.</summary>
internal sealed class CsvFaults(CsvInput input)
{
    /// <summary>How many are told.</summary>
    public const int MostTold = 20;

    private readonly List<string> told = [];
    private long count;

    public bool IsEmpty => count == 0;

    public void Add(long line, string? column, string message)
    {
        if (count++ < MostTold)
            told.Add(input.At(line, column, message));
    }

    /// <summary>Adds a fault that ended the reading, with its place in its message.</summary>
    public void Add(BatchScorerException fault)
    {
        count++;
        told.Add(fault.Message);
    }

    /// <param name="end">A last line that says what became of the file.</param>
    /// <exception cref="BatchScorerException">There are faults.</exception>
    public void ThrowIfAny(string? end = null)
    {
        if (count == 0)
            return;
        if (count > told.Count)
            told.Add($"… and {count - told.Count:N0} more.");
        if (end is not null)
            told.Add(end);
        throw new BatchScorerException(ExitCode.BadConfiguration, string.Join('\n', told));
    }
}

namespace BatchScorer.Exchange.Import;

/// <summary>Knows on which line of a file each record begins; kept short, since most records are a line.</summary>
internal sealed class RecordLines
{
    private readonly List<(long Record, long Line)> jumps = [];

    /// <summary>Notes a record, in their order.</summary>
    /// <param name="record">Its number, from 1.</param>
    /// <param name="line">The line where it begins.</param>
    public void Add(long record, long line)
    {
        if (jumps is [.., var last] && last.Line - last.Record == line - record)
            return;
        jumps.Add((record, line));
    }

    /// <summary>The line of a record that was noted.</summary>
    public long LineOf(long record)
    {
        var jump = jumps.FindLast(jump => jump.Record <= record);
        return jump.Line + record - jump.Record;
    }
}

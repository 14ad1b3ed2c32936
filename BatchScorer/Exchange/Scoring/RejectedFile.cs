using CsvHelper;

namespace BatchScorer.Exchange.Scoring;

/// <summary>How many rows may be rejected; over it nothing is written.</summary>
internal sealed record RejectionLimits(long Rows, double Share);

/// <summary>A row of a file that could not be scored, and why.</summary>
/// <param name="Line">The line of the file where it begins.</param>
/// <param name="Column">The column at fault, of the file or an output; null when unknown.</param>
/// <param name="Reason">Why, in words for the person who mends the row.</param>
internal sealed record RejectedLine(long Line, string? Column, string Reason);

/// <summary>Counts rejected rows, remembers the first, and writes all of them to a file if there is to be one.</summary>
internal sealed class RejectedFile
{
    private const int MostRemembered = 5;

    private static readonly string[] Own = ["rejected_line", "rejected_column", "rejected_reason"];

    private readonly CsvWriter? writer;
    private readonly int[] fields;
    private readonly List<RejectedLine> first = [];

    /// <param name="header">The columns of the file that is scored: rejected rows are kept whole, to be mended and scored again.</param>
    /// <param name="writer">Where to, or null.</param>
    public RejectedFile(IReadOnlyList<string> header, CsvWriter? writer)
    {
        this.writer = writer;
        // What was rejected once, mended and is rejected again has these columns already.
        fields = [.. Enumerable.Range(0, header.Count).Where(i => !Own.Contains(header[i]))];
        writer?.WriteHeader([.. Own, .. fields.Select(i => header[i])]);
    }

    public long Count { get; private set; }

    /// <summary>The first ones.</summary>
    public IReadOnlyList<RejectedLine> First => first;

    public void Add(RejectedLine row, FileBlock block, int line)
    {
        Count++;
        if (first.Count < MostRemembered)
            first.Add(row);
        if (writer is null)
            return;
        writer.WriteField(row.Line);
        writer.WriteField(row.Column);
        writer.WriteField(row.Reason);
        foreach (var field in fields)
            block.Write(field, line, writer);
        writer.EndRecord();
    }

    /// <summary>What to say when there are too many; null when there are not.</summary>
    /// <param name="limits">How many may be.</param>
    /// <param name="rowsRead">Rows read so far.</param>
    /// <param name="isWhole">Whether that is all of the file, so that shares count.</param>
    public string? OverLimit(RejectionLimits limits, long rowsRead, bool isWhole)
    {
        if (Count > limits.Rows)
            return $"{Count:N0} of {rowsRead:N0} rows were rejected, and --rejected-rows allows {limits.Rows:N0}";
        return isWhole && Count > limits.Share * rowsRead
            ? $"{Count:N0} of {rowsRead:N0} rows were rejected, and --rejected-share allows {limits.Share:0.####} of them"
            : null;
    }
}

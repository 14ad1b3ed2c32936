using BatchScorer.Batches;
using BatchScorer.Exchange.Csv;
using BatchScorer.Models;
using CsvHelper;

namespace BatchScorer.Exchange.Scoring;

/// <summary>
/// Some rows of a file, reused from one filling to the next: their fields as they were read, and those that fit the model as its inputs.
/// </summary>
internal sealed class FileBlock
{
    /// <summary>Rows a block. A few hundred to a few thousand keep columns in the processor's cache.</summary>
    private const int MostRows = 1024;

    // Rows may be long.
    private const int MostBytes = 16 << 20;

    private readonly FileLayout layout;
    private readonly IReadOnlyList<string> header;
    private readonly InputParser[] parsers;
    private readonly WireColumn[] fields; // null is a field that is empty and not in quotes
    private readonly long[] lines = new long[MostRows];
    private readonly RejectedLine?[] rejected = new RejectedLine?[MostRows];
    private readonly int[] rowOf = new int[MostRows];
    private readonly int[] lineOf = new int[MostRows];

    public FileBlock(CsvInput input, ModelSchema model, FileLayout layout)
    {
        this.layout = layout;
        header = input.Header;
        Inputs = model.CreateInputs(MostRows);
        parsers = [.. Inputs.Columns.Select(column => InputParser.For(column)!)];
        fields = [.. header.Select(name => new WireColumn(name, MostRows))];
    }

    /// <summary>Rows read into it, those that do not fit included.</summary>
    public int Count { get; private set; }

    /// <summary>The rows that fit.</summary>
    public Batch Inputs { get; }

    /// <summary>The row of <see cref="Inputs"/> that a row of the block has become.</summary>
    public int RowOf(int line) => rowOf[line];

    /// <summary>Why a row of the block is rejected, or null.</summary>
    public RejectedLine? RejectionOf(int line) => rejected[line];

    /// <summary>The line of the file where a row of the block begins.</summary>
    public long LineOf(int line) => lines[line];

    /// <summary>A field of a row of the block as it was read, without its quotes.</summary>
    public ReadOnlySpan<byte> Field(int field, int line) => fields[field][line];

    /// <summary>Fills it with the rows that come next.</summary>
    /// <returns>False when the file has no more: the block may still hold some.</returns>
    public async ValueTask<bool> FillAsync(CsvInput input, CancellationToken cancellationToken)
    {
        Count = 0;
        Inputs.Truncate(0);
        foreach (var field in fields)
            field.Truncate(0);
        for (var bytes = 0; Count < MostRows && bytes < MostBytes; Count++)
        {
            if (!await input.ReadAsync(cancellationToken))
                return false;
            bytes += Read(input);
        }

        return true;
    }

    /// <summary>Marks rows of <see cref="Inputs"/> as rejected after all; of several faults the first is told.</summary>
    public void Reject(IEnumerable<RowFault> faults)
    {
        foreach (var fault in faults)
            rejected[lineOf[fault.Row]] ??= new RejectedLine(lines[lineOf[fault.Row]], fault.Column, fault.Reason);
    }

    /// <summary>Writes a field of a row of the block as it was read.</summary>
    public void Write(int field, int line, CsvWriter writer)
    {
        var text = fields[field][line];
        if (text.IsEmpty && !fields[field].IsNull(line))
            writer.WriteField("", CsvQuoting.Always);
        else
            writer.WriteField(text);
    }

    private int Read(CsvInput input)
    {
        var bytes = 0;
        for (var i = 0; i < fields.Length; i++)
        {
            var field = input[i];
            if (input.IsMissing(i))
                fields[i].AppendNull();
            else
                fields[i].Append(field);
            bytes += field.Length;
        }

        var row = Inputs.RowCount;
        lines[Count] = input.Line;
        rejected[Count] = null;
        rowOf[Count] = row;
        lineOf[row] = Count;
        for (var i = 0; i < parsers.Length; i++)
        {
            if (parsers[i].Parse(input[layout.Fields[i]], row) is { } reason)
                rejected[Count] ??= new RejectedLine(input.Line, header[layout.Fields[i]], reason);
        }

        if (rejected[Count] is null)
            Inputs.RowCount = row + 1;
        else
            Inputs.Truncate(row);
        return bytes;
    }
}

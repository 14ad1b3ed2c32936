namespace BatchScorer.Models.Compiled.Graph;

/// <summary>Rows of as many texts as each has, as UTF-8 back to back.</summary>
/// <param name="rows">Rows there is room for.</param>
internal sealed class Tokens(int rows)
{
    private const int LeastRoom = 4096;

    private readonly Ragged<int> ends = new(rows);
    private byte[] bytes = new byte[LeastRoom];
    private int length;

    /// <summary>A text by its index over all rows.</summary>
    public ReadOnlySpan<byte> this[int index]
    {
        get
        {
            var start = index == 0 ? 0 : ends[index - 1];
            return bytes.AsSpan(start, ends[index] - start);
        }
    }

    /// <summary>The indices of a row's texts.</summary>
    public (int Start, int End) Row(int row) => (ends.Start(row), ends.Start(row + 1));

    /// <summary>Forgets all rows.</summary>
    public void Clear()
    {
        ends.Clear();
        length = 0;
    }

    /// <summary>Adds a text to the row being written.</summary>
    public void Add(ReadOnlySpan<byte> utf8)
    {
        if (length + utf8.Length > bytes.Length)
            Array.Resize(ref bytes, Math.Max(length + utf8.Length, 2 * bytes.Length));
        utf8.CopyTo(bytes.AsSpan(length));
        length += utf8.Length;
        ends.Add(length);
    }

    /// <summary>Ends the row being written.</summary>
    public void EndRow() => ends.EndRow();
}

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
        utf8.CopyTo(Room(utf8.Length));
        AddFromRoom(utf8.Length);
    }

    /// <summary>Room to write a text into, so many bytes at least.</summary>
    public Span<byte> Room(int most)
    {
        if (length + most > bytes.Length)
            Array.Resize(ref bytes, Math.Max(length + most, 2 * bytes.Length));
        return bytes.AsSpan(length);
    }

    /// <summary>Adds the text that was written into the room, so many bytes of it.</summary>
    public void AddFromRoom(int used)
    {
        length += used;
        ends.Add(length);
    }

    /// <summary>Ends the row being written.</summary>
    public void EndRow() => ends.EndRow();
}

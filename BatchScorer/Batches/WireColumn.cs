namespace BatchScorer.Batches;

/// <summary>
/// Values that pass through the program unread: keys, the cursor and carried columns keep the bytes in which the
/// database sent them, and go back as those bytes. Values are appended in order, one a row.
/// </summary>
/// <param name="name">The source's name for the column.</param>
/// <param name="capacity">Rows there is room for.</param>
internal sealed class WireColumn(string name, int capacity)
{
    private readonly int[] ends = new int[capacity];
    private readonly bool[] nulls = new bool[capacity];
    private byte[] bytes = new byte[capacity * 8];
    private int count;

    public string Name { get; } = name;

    public bool IsNull(int row) => nulls[row];

    /// <summary>The bytes of a row's value; empty when it is null.</summary>
    public ReadOnlySpan<byte> this[int row]
    {
        get
        {
            var start = row == 0 ? 0 : ends[row - 1];
            return bytes.AsSpan(start, ends[row] - start);
        }
    }

    public void Append(ReadOnlySpan<byte> value)
    {
        Reserve(value.Length);
        var start = count == 0 ? 0 : ends[count - 1];
        value.CopyTo(bytes.AsSpan(start));
        nulls[count] = false;
        ends[count++] = start + value.Length;
    }

    public void AppendNull()
    {
        nulls[count] = true;
        ends[count] = count == 0 ? 0 : ends[count - 1];
        count++;
    }

    /// <summary>Forgets rows from <paramref name="row"/> on.</summary>
    public void Truncate(int row) => count = Math.Min(count, row);

    private void Reserve(int more)
    {
        var end = checked((count == 0 ? 0 : ends[count - 1]) + more);
        if (end > bytes.Length)
            Array.Resize(ref bytes, Math.Max(end, (int)Math.Min(Array.MaxLength, bytes.Length * 2L)));
    }
}

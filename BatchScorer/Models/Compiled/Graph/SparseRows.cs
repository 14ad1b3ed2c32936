namespace BatchScorer.Models.Compiled.Graph;

/// <summary>
/// A wide vector of Single as ML.NET holds it: of each row the stored slots and their values. Who reads it densely gets it
/// spread out, at the cost of the stored values alone. Rows are written one after another.
/// </summary>
/// <param name="rows">Rows there is room for.</param>
/// <param name="width">Length of the vector.</param>
/// <param name="isReadDensely">Whether anything reads it densely.</param>
internal sealed class SparseRows(int rows, int width, bool isReadDensely)
{
    private const int LeastRoom = 64;

    private readonly float[] dense = isReadDensely ? new float[rows * width] : [];
    private float[] values = new float[LeastRoom];
    private int rowCount;
    private bool isSpread;

    /// <summary>The slots that are stored.</summary>
    public StoredSlots Slots { get; } = new(rows, width);

    /// <summary>Values of the row being written.</summary>
    public int Count => Slots.Count(rowCount - 1);

    /// <summary>The values of a row's stored slots, in their order.</summary>
    public Span<float> Values(int row) => values.AsSpan(Slots.Start(row), Slots.Count(row));

    /// <summary>Forgets all rows.</summary>
    public void Clear()
    {
        for (var row = 0; isSpread && row < rowCount; row++)
        {
            foreach (var slot in Slots.Row(row))
                dense[row * width + slot] = 0;
        }

        (rowCount, isSpread) = (0, false);
    }

    /// <summary>Begins the next row.</summary>
    public void BeginRow() => Slots.Clear(rowCount++);

    /// <summary>Adds a value to the row; slots come in ascending order.</summary>
    public void Add(int slot, float value)
    {
        var row = rowCount - 1;
        var end = Slots.Start(row) + Slots.Count(row);
        Reserve(end + 1);
        values[end] = value;
        Slots.Add(row, slot);
    }

    /// <summary>Adds values of a part of the vector that begins at <paramref name="offset"/>.</summary>
    public void AddAll(int offset, ReadOnlySpan<int> slots, ReadOnlySpan<float> added)
    {
        var row = rowCount - 1;
        var end = Slots.Start(row) + Slots.Count(row);
        Reserve(end + added.Length);
        added.CopyTo(values.AsSpan(end));
        Slots.AddAll(row, offset, slots);
    }

    /// <summary>Makes the row dense.</summary>
    public void Fill()
    {
        var row = rowCount - 1;
        var slots = Slots.Row(row);
        var start = Slots.Start(row);
        Reserve(start + width);
        var from = slots.Length - 1;
        for (var slot = width - 1; slot >= 0; slot--)
            values[start + slot] = from >= 0 && slots[from] == slot ? values[start + from--] : 0;
        Slots.Fill(row);
    }

    /// <summary>All values, row after row.</summary>
    public ReadOnlySpan<float> Dense()
    {
        for (var row = 0; !isSpread && row < rowCount; row++)
        {
            var slots = Slots.Row(row);
            var stored = Values(row);
            for (var i = 0; i < slots.Length; i++)
                dense[row * width + slots[i]] = stored[i];
        }

        isSpread = true;
        return dense.AsSpan(0, rowCount * width);
    }

    private void Reserve(int room)
    {
        if (room > values.Length)
            Array.Resize(ref values, Math.Max(room, 2 * values.Length));
    }
}

namespace BatchScorer.Models.Compiled.Graph;

/// <summary>
/// Which slots of a vector ML.NET would have stored, row by row. Its float sums run over the stored values in an order that
/// depends on their number, so a sum that is to have the same bits needs to know. Rows are written one after another.
/// </summary>
/// <param name="rows">Rows there is room for.</param>
/// <param name="width">Length of the vector.</param>
internal sealed class StoredSlots(int rows, int width)
{
    private const int LeastRoom = 64;

    private readonly int[] ends = new int[rows];
    private int[] slots = new int[LeastRoom];

    /// <summary>The stored slots of a row, ascending; all of them when it is dense.</summary>
    public ReadOnlySpan<int> Row(int row) => slots.AsSpan(Start(row), Count(row));

    /// <summary>How many slots of the rows before this one are stored.</summary>
    public int Start(int row) => row == 0 ? 0 : ends[row - 1];

    /// <summary>How many slots of a row are stored.</summary>
    public int Count(int row) => ends[row] - Start(row);

    /// <summary>Whether ML.NET holds the row densely.</summary>
    public bool IsDense(int row) => Count(row) == width;

    /// <summary>Begins a row.</summary>
    public void Clear(int row) => ends[row] = Start(row);

    /// <summary>Adds a slot to a row; slots come in ascending order.</summary>
    public void Add(int row, int slot)
    {
        var end = ends[row];
        if (end == slots.Length)
            Reserve(1, end);
        slots[end] = slot;
        ends[row] = end + 1;
    }

    /// <summary>Adds slots of a part of the vector that begins at <paramref name="offset"/>.</summary>
    public void AddAll(int row, int offset, ReadOnlySpan<int> added)
    {
        Reserve(added.Length, ends[row]);
        foreach (var slot in added)
            Add(row, offset + slot);
    }

    /// <summary>Adds all slots from <paramref name="offset"/> on, so many.</summary>
    public void AddRange(int row, int offset, int length)
    {
        Reserve(length, ends[row]);
        for (var slot = offset; slot < offset + length; slot++)
            Add(row, slot);
    }

    /// <summary>Takes over the slots of another vector of this length.</summary>
    public void CopyFrom(StoredSlots other, int rowCount)
    {
        for (var row = 0; row < rowCount; row++)
        {
            Clear(row);
            AddAll(row, 0, other.Row(row));
        }
    }

    /// <summary>Makes a row dense.</summary>
    public void Fill(int row)
    {
        Clear(row);
        AddRange(row, 0, width);
    }

    private void Reserve(int more, int end)
    {
        if (end + more > slots.Length)
            Array.Resize(ref slots, Math.Max(end + more, 2 * slots.Length));
    }
}

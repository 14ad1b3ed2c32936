namespace BatchScorer.Models.Compiled.Graph;

/// <summary>
/// Which slots of a vector ML.NET would have stored, row by row. Its float sums run over the stored values in an order that
/// depends on their number, so a sum that is to have the same bits needs to know.
/// </summary>
/// <param name="rows">Rows there is room for.</param>
/// <param name="width">Length of the vector.</param>
internal sealed class StoredSlots(int rows, int width)
{
    private readonly int[] counts = new int[rows];
    private readonly int[] slots = new int[rows * width];

    /// <summary>The stored slots of a row, ascending; all of them when it is dense.</summary>
    public ReadOnlySpan<int> Row(int row) => slots.AsSpan(row * width, counts[row]);

    /// <summary>How many slots of a row are stored.</summary>
    public int Count(int row) => counts[row];

    /// <summary>Whether ML.NET holds the row densely.</summary>
    public bool IsDense(int row) => counts[row] == width;

    public void Clear(int row) => counts[row] = 0;

    /// <summary>Adds a slot to a row; slots come in ascending order.</summary>
    public void Add(int row, int slot) => slots[row * width + counts[row]++] = slot;

    /// <summary>Adds slots of a part of the vector that begins at <paramref name="offset"/>.</summary>
    public void AddAll(int row, int offset, ReadOnlySpan<int> added)
    {
        foreach (var slot in added)
            Add(row, offset + slot);
    }

    /// <summary>Adds all slots from <paramref name="offset"/> on, so many.</summary>
    public void AddRange(int row, int offset, int length)
    {
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
}

namespace BatchScorer.Models.Compiled.Graph;

/// <summary>
/// Which slots are stored of a vector that ML.NET puts together value by value (its <c>BufferBuilder</c>): zeros are left out,
/// and a vector that is at least half full is made dense.
/// </summary>
internal static class BuiltVector
{
    /// <summary>Stored slots up to which ML.NET always puts a new one in its place.</summary>
    private const int AlwaysSorted = 20;

    /// <summary>
    /// Whether a vector becomes dense that values are added to in this order. A slot that comes again counts as a new one
    /// until ML.NET looks, and it does not always look.
    /// </summary>
    /// <param name="order">The slots that are added to.</param>
    /// <param name="width">Length of the vector.</param>
    /// <param name="slots">Room to work in.</param>
    public static bool IsDense(ReadOnlySpan<int> order, int width, List<int> slots)
    {
        if (order.Length < width / 2 - 1 || order.IsEmpty)
            return false;
        slots.Clear();
        var isSorted = true;
        foreach (var slot in order)
        {
            if (!isSorted && slots.Count < width)
            {
                slots.Add(slot);
                continue;
            }

            if (!isSorted && Sort(slots) >= width / 2)
                return true;
            isSorted = true;
            if (slots.Count >= width / 2 - 1)
                return true;
            if (slots.Count >= AlwaysSorted && slots[^AlwaysSorted] > slot)
            {
                slots.Add(slot);
                isSorted = false;
            }
            else if (slots.BinarySearch(slot) is < 0 and var place)
            {
                slots.Insert(~place, slot);
            }
        }

        return (isSorted ? slots.Count : Sort(slots)) >= width / 2;
    }

    public static void Store<T>(ReadOnlySpan<T> values, int width, StoredSlots stored)
        where T : unmanaged, IEquatable<T>
    {
        for (var row = 0; row < values.Length / width; row++)
        {
            stored.Clear(row);
            var slots = values.Slice(row * width, width);
            for (var slot = 0; slot < width; slot++)
            {
                if (!slots[slot].Equals(default))
                    stored.Add(row, slot);
            }

            if (stored.Count(row) > 0 && stored.Count(row) >= width / 2)
                stored.Fill(row);
        }
    }

    private static int Sort(List<int> slots)
    {
        slots.Sort();
        var kept = 0;
        for (var i = 0; i < slots.Count; i++)
        {
            if (i == 0 || slots[i] != slots[i - 1])
                slots[kept++] = slots[i];
        }

        slots.RemoveRange(kept, slots.Count - kept);
        return kept;
    }
}

namespace BatchScorer.Models.Compiled.Graph;

/// <summary>
/// Which slots are stored of a vector that ML.NET puts together value by value (its <c>BufferBuilder</c>): zeros are left out,
/// and a vector that is at least half full is made dense.
/// </summary>
internal static class BuiltVector
{
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
}

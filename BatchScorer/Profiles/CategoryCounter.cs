using System.Text;

namespace BatchScorer.Profiles;

/// <summary>Counts the rows of categories, known by their hashes; keeps those that <see cref="CategoryProfile"/> does.</summary>
internal sealed class CategoryCounter
{
    /// <summary>Bytes of a value that are kept to show; it is told apart from others by all of them.</summary>
    public const int MostBytes = 100;

    private const int TableBits = 12;
    private const int Mask = (1 << TableBits) - 1;

    // The table is thinned out when it is half full.
    private const int MostEntries = 1 << (TableBits - 1);

    private readonly Entry[] table = new Entry[1 << TableBits];
    private int entries;
    private ulong keptUpTo = ulong.MaxValue;
    private long others;

    /// <summary>Counts rows with a value.</summary>
    public void Add(ReadOnlySpan<byte> utf8, long rows)
    {
        var hash = CategoryHash.Of(utf8);
        if (hash > keptUpTo)
        {
            others += rows;
            return;
        }

        ref var entry = ref Find(hash);
        if (entry.Rows == 0)
        {
            if (entries == MostEntries)
            {
                Thin();
                Add(utf8, rows);
                return;
            }

            entries++;
            entry = new Entry { Hash = hash, Text = Cut(utf8) };
        }

        entry.Rows += rows;
    }

    /// <summary>The values that are kept, in the order of their hashes, and the rows of all others; after which it starts anew.</summary>
    public (IReadOnlyList<Category> Kept, long Others) Take()
    {
        Thin();
        var kept = table.Where(entry => entry.Rows > 0).OrderBy(entry => entry.Hash).Select(entry => new Category(entry.Hash, Encoding.UTF8.GetString(entry.Text!), entry.Rows)).ToList();
        var rest = others;
        Array.Clear(table);
        (entries, keptUpTo, others) = (0, ulong.MaxValue, 0);
        return (kept, rest);
    }

    /// <summary>Leaves those with the smallest hashes. What goes once would go at the end too, and is not let in again.</summary>
    private void Thin()
    {
        if (entries <= CategoryProfile.MostCategories)
            return;
        var all = table.Where(entry => entry.Rows > 0).OrderBy(entry => entry.Hash).ToList();
        Array.Clear(table);
        entries = CategoryProfile.MostCategories;
        keptUpTo = all[entries - 1].Hash;
        foreach (var entry in all[..entries])
            Find(entry.Hash) = entry;
        others += all[entries..].Sum(entry => entry.Rows);
    }

    /// <summary>The entry of a hash, or a free one where it would be.</summary>
    private ref Entry Find(ulong hash)
    {
        for (var at = (int)(hash & Mask); ; at = (at + 1) & Mask)
        {
            ref var entry = ref table[at];
            if (entry.Rows == 0 || entry.Hash == hash)
                return ref entry;
        }
    }

    // Not within a character.
    private static byte[] Cut(ReadOnlySpan<byte> utf8)
    {
        var length = Math.Min(utf8.Length, MostBytes);
        while (length > 0 && length < utf8.Length && (utf8[length] & 0xC0) == 0x80)
            length--;
        return utf8[..length].ToArray();
    }

    private struct Entry
    {
        public ulong Hash;
        public long Rows;
        public byte[]? Text;
    }
}

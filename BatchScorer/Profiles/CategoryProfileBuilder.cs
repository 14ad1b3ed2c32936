using System.Text;

namespace BatchScorer.Profiles;

/// <summary>The profile of a column of categories as it grows: they are known by their hashes, and those are kept that <see cref="CategoryProfile"/> says.</summary>
/// <inheritdoc/>
internal sealed class CategoryProfileBuilder(ProfileSide side, string name) : ColumnProfileBuilder(side, name)
{
    /// <summary>Bytes of a value that are kept to show; it is told apart from others by all of them.</summary>
    public const int MostBytes = 100;

    private const int LeastTable = 1 << 5;
    private const int MostTable = 1 << 12;

    private Entry[] table = new Entry[LeastTable]; // at most half of it is used
    private int entries;
    private ulong keptUpTo = ulong.MaxValue;
    private long others;

    /// <summary>Counts rows with a value, any number of them; they are to be in <see cref="ColumnProfileBuilder.Rows"/> too.</summary>
    public void Add(ReadOnlySpan<byte> utf8, long rows) => Add(CategoryHash.Of(utf8), utf8, rows);

    /// <summary>Counts rows with a value of which only the hash and the beginning are known.</summary>
    public void Add(ulong hash, ReadOnlySpan<byte> utf8, long rows)
    {
        while (rows > 0 && hash <= keptUpTo)
        {
            ref var entry = ref Find(hash);
            if (entry.Rows == 0 && entries == table.Length / 2)
            {
                MakeRoom();
                continue;
            }

            if (entry.Rows == 0)
            {
                entries++;
                entry = new Entry { Hash = hash, Text = Cut(utf8) };
            }

            entry.Rows += rows;
            return;
        }

        others += rows;
    }

    /// <summary>Counts rows with values of which nothing is known.</summary>
    public void AddOthers(long rows) => others += rows;

    /// <inheritdoc/>
    public override CategoryProfile Build()
    {
        if (entries > CategoryProfile.MostCategories)
            Thin();
        return new CategoryProfile
        {
            Side = Side, Name = Name, Rows = Rows, Missing = Missing, Others = others,
            Categories = Array.ConvertAll(Ordered(), entry => new Category(entry.Hash, Encoding.UTF8.GetString(entry.Text!), entry.Rows)),
        };
    }

    /// <inheritdoc/>
    public override void Clear()
    {
        base.Clear();
        Array.Clear(table);
        (entries, keptUpTo, others) = (0, ulong.MaxValue, 0);
    }

    private void MakeRoom()
    {
        if (table.Length == MostTable)
            Thin();
        else
            Fill(Ordered(), table.Length * 2);
    }

    /// <summary>Leaves those with the smallest hashes. What goes once would go at the end too, and is not let in again.</summary>
    private void Thin()
    {
        var all = Ordered();
        Fill(all.AsSpan(0, CategoryProfile.MostCategories), table.Length);
        keptUpTo = all[entries - 1].Hash;
        foreach (var entry in all.AsSpan(entries))
            others += entry.Rows;
    }

    private void Fill(ReadOnlySpan<Entry> kept, int size)
    {
        if (table.Length == size)
            Array.Clear(table);
        else
            table = new Entry[size];
        entries = kept.Length;
        foreach (var entry in kept)
            Find(entry.Hash) = entry;
    }

    private Entry[] Ordered()
    {
        var all = new Entry[entries];
        var count = 0;
        foreach (var entry in table)
        {
            if (entry.Rows > 0)
                all[count++] = entry;
        }

        Array.Sort(all, (a, b) => a.Hash.CompareTo(b.Hash));
        return all;
    }

    /// <summary>The entry of a hash, or a free one where it would be.</summary>
    private ref Entry Find(ulong hash)
    {
        var mask = (ulong)table.Length - 1;
        for (var at = hash & mask; ; at = (at + 1) & mask)
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

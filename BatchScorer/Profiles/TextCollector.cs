using BatchScorer.Batches;

namespace BatchScorer.Profiles;

/// <summary>Profiles texts as categories, from their bytes.</summary>
/// <inheritdoc cref="NumberCollector{T}"/>
internal sealed class TextCollector(ProfileSide side, string name, TextColumn column, int slot) : IColumnCollector
{
    private readonly CategoryCounter counter = new();
    private long rows;
    private long missing;

    /// <inheritdoc/>
    public void Add(ReadOnlySpan<bool> skipped)
    {
        for (var row = 0; row < skipped.Length; row++)
        {
            if (skipped[row])
                continue;
            rows++;
            var text = column[row * column.Type.Width + slot];
            if (text.IsEmpty)
                missing++;
            else
                counter.Add(text, 1);
        }
    }

    /// <inheritdoc/>
    public ColumnProfile Take()
    {
        var (kept, others) = counter.Take();
        var profile = new CategoryProfile { Side = side, Name = name, Rows = rows, Missing = missing, Categories = kept, Others = others };
        (rows, missing) = (0, 0);
        return profile;
    }
}

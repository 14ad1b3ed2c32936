using BatchScorer.Batches;

namespace BatchScorer.Profiles;

/// <summary>Profiles texts as categories, from their bytes.</summary>
/// <inheritdoc cref="NumberCollector{T}"/>
internal sealed class TextCollector(CategoryProfileBuilder profile, TextColumn column, int slot) : IColumnCollector
{
    /// <inheritdoc/>
    public void Add(ReadOnlySpan<bool> skipped)
    {
        for (var row = 0; row < skipped.Length; row++)
        {
            if (skipped[row])
                continue;
            profile.Rows++;
            var text = column[row * column.Type.Width + slot];
            if (text.IsEmpty)
                profile.Missing++;
            else
                profile.Add(text, 1);
        }
    }

    /// <inheritdoc/>
    public void Flush()
    {
        // Each row is in the profile at once.
    }
}

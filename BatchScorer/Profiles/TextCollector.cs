using BatchScorer.Batches;

namespace BatchScorer.Profiles;

/// <summary>Profiles texts as categories, from their bytes.</summary>
/// <inheritdoc cref="NumberCollector{T}"/>
internal sealed class TextCollector(CategoryProfileBuilder profile, TextColumn column, int slot) : IColumnCollector
{
    /// <inheritdoc/>
    public void Add(ReadOnlySpan<bool> skipped)
    {
        var (rows, missing) = (0, 0);
        for (var row = 0; row < skipped.Length; row++)
        {
            if (skipped[row])
                continue;
            rows++;
            var text = column[row * column.Type.Width + slot];
            if (text.IsEmpty)
                missing++;
            else
                profile.Add(text, 1);
        }

        profile.Rows += rows;
        profile.Missing += missing;
    }

    /// <inheritdoc/>
    public void Flush()
    {
        // Each row is in the profile at once.
    }
}

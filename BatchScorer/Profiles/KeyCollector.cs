using System.Globalization;
using System.Runtime.InteropServices;
using BatchScorer.Batches;

namespace BatchScorer.Profiles;

/// <summary>Profiles keys as categories: numbers that are counted as they are, and become texts at the end.</summary>
/// <inheritdoc cref="NumberCollector{T}"/>
internal sealed class KeyCollector(CategoryProfileBuilder profile, Column<uint> column, int slot) : IColumnCollector
{
    private readonly Dictionary<uint, long> rowsOf = [];

    /// <inheritdoc/>
    public void Add(ReadOnlySpan<bool> skipped)
    {
        for (var row = 0; row < skipped.Length; row++)
        {
            if (!skipped[row])
                CollectionsMarshal.GetValueRefOrAddDefault(rowsOf, column.Values[row * column.Type.Width + slot], out _)++;
        }
    }

    /// <inheritdoc/>
    public void Flush()
    {
        Span<byte> text = stackalloc byte[10];
        foreach (var (key, rows) in rowsOf)
        {
            profile.Rows += rows;
            if (key == 0)
                profile.Missing += rows;
            else if (key.TryFormat(text, out var length, provider: CultureInfo.InvariantCulture))
                profile.Add(text[..length], rows);
        }

        rowsOf.Clear();
    }
}

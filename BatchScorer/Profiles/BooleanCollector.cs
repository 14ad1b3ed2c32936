using BatchScorer.Batches;

namespace BatchScorer.Profiles;

/// <summary>Profiles Booleans as the categories <c>true</c> and <c>false</c>.</summary>
/// <inheritdoc cref="NumberCollector{T}"/>
internal sealed class BooleanCollector(CategoryProfileBuilder profile, Column<bool> column, int slot) : IColumnCollector
{
    private long trueRows;
    private long falseRows;

    /// <inheritdoc/>
    public void Add(ReadOnlySpan<bool> skipped)
    {
        for (var row = 0; row < skipped.Length; row++)
        {
            var (counts, value) = (!skipped[row], column.Values[row * column.Type.Width + slot]);
            trueRows += counts & value ? 1 : 0;
            falseRows += counts & !value ? 1 : 0;
        }
    }

    /// <inheritdoc/>
    public void Flush()
    {
        profile.Rows += trueRows + falseRows;
        profile.Add("true"u8, trueRows);
        profile.Add("false"u8, falseRows);
        (trueRows, falseRows) = (0, 0);
    }
}

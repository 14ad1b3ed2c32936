using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using BatchScorer.Batches;

namespace BatchScorer.Profiles;

/// <summary>Profiles Booleans and keys as categories: values that are counted as they are, and become texts at the end.</summary>
/// <inheritdoc cref="NumberCollector{T}"/>
internal sealed class CodeCollector<T>(ProfileSide side, string name, Column<T> column, int slot) : IColumnCollector
    where T : unmanaged, IEquatable<T>
{
    private readonly Dictionary<T, long> rowsOf = [];
    private long rows;
    private long missing;

    /// <inheritdoc/>
    public void Add(ReadOnlySpan<bool> skipped)
    {
        var isKey = column.Type.Kind is ValueKind.Key;
        for (var row = 0; row < skipped.Length; row++)
        {
            if (skipped[row])
                continue;
            rows++;
            var value = column.Values[row * column.Type.Width + slot];
            if (isKey && value.Equals(default))
                missing++;
            else
                CollectionsMarshal.GetValueRefOrAddDefault(rowsOf, value, out _)++;
        }
    }

    /// <inheritdoc/>
    public ColumnProfile Take()
    {
        var counter = new CategoryCounter();
        foreach (var (value, count) in rowsOf)
            counter.Add(Encoding.UTF8.GetBytes(value is bool truth ? truth ? "true" : "false" : Convert.ToString(value, CultureInfo.InvariantCulture)!), count);
        var (kept, others) = counter.Take();
        var profile = new CategoryProfile { Side = side, Name = name, Rows = rows, Missing = missing, Categories = kept, Others = others };
        rowsOf.Clear();
        (rows, missing) = (0, 0);
        return profile;
    }
}

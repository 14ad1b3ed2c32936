using System.Globalization;
using BatchScorer.Batches;

namespace BatchScorer.Registry.Golden;

/// <summary>Values of columns as text that reads back to the same bits, but for which NaN it was.</summary>
internal static class GoldenValues
{
    public static IReadOnlyList<string> Write(Column column, int rows) =>
        [.. Enumerable.Range(0, rows * column.Type.Width).Select(i => Convert.ToString(column.ValueAt(i), CultureInfo.InvariantCulture)!)];

    /// <summary>Fills a column that is empty.</summary>
    public static void Read(IReadOnlyList<string> values, Column column)
    {
        switch (column)
        {
            case TextColumn texts:
                foreach (var value in values)
                    texts.Append(value);
                break;
            case Column<bool> flags:
                Parse(values, flags);
                break;
            case Column<float> numbers:
                Parse(values, numbers);
                break;
            case Column<double> numbers:
                Parse(values, numbers);
                break;
            case Column<sbyte> numbers:
                Parse(values, numbers);
                break;
            case Column<byte> numbers:
                Parse(values, numbers);
                break;
            case Column<short> numbers:
                Parse(values, numbers);
                break;
            case Column<ushort> numbers:
                Parse(values, numbers);
                break;
            case Column<int> numbers:
                Parse(values, numbers);
                break;
            case Column<uint> numbers:
                Parse(values, numbers);
                break;
            case Column<long> numbers:
                Parse(values, numbers);
                break;
            case Column<ulong> numbers:
                Parse(values, numbers);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(column), column.Type, "No text stands for this kind of value.");
        }
    }

    private static void Parse<T>(IReadOnlyList<string> values, Column<T> column)
        where T : unmanaged, IParsable<T>
    {
        for (var i = 0; i < values.Count; i++)
            column.Values[i] = T.Parse(values[i], CultureInfo.InvariantCulture);
    }
}

using System.Globalization;
using System.Reflection;
using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BatchScorer.Models.MLNet;

/// <summary>The labels that a column of keys carries in its annotations.</summary>
internal static class KeyLabels
{
    private const string KeyValues = "KeyValues";

    /// <summary>Whether each key of the column has a label.</summary>
    public static bool Has(DataViewSchema.Column column) =>
        Item(column) is KeyDataViewType key
        && column.Annotations.Schema.GetColumnOrNull(KeyValues)?.Type is VectorDataViewType { IsKnownSize: true } values
        && (ulong)values.Size == key.Count;

    /// <summary>The labels as UTF-8, by key; the one of key 0, which means missing, is empty.</summary>
    public static byte[][] Read(DataViewSchema.Column column)
    {
        var values = (VectorDataViewType)column.Annotations.Schema[KeyValues].Type;
        return (byte[][])typeof(KeyLabels)
            .GetMethod(nameof(ReadOf), BindingFlags.NonPublic | BindingFlags.Static)!
            .MakeGenericMethod(values.ItemType.RawType)
            .Invoke(null, [column])!;
    }

    private static byte[][] ReadOf<T>(DataViewSchema.Column column)
    {
        VBuffer<T> values = default;
        column.GetKeyValues(ref values);
        return [[], .. values.DenseValues().Select(value => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{value}")))];
    }

    private static DataViewType Item(DataViewSchema.Column column) =>
        column.Type is VectorDataViewType vector ? vector.ItemType : column.Type;
}

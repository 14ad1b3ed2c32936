using BatchScorer.Batches;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace BatchScorer.Models.MLNet;

/// <summary>Says which of our column types holds what an ML.NET column holds.</summary>
internal static class ColumnTypes
{
    private static readonly Dictionary<Type, ValueKind> Numbers = new()
    {
        [typeof(sbyte)] = ValueKind.SByte,
        [typeof(byte)] = ValueKind.Byte,
        [typeof(short)] = ValueKind.Int16,
        [typeof(ushort)] = ValueKind.UInt16,
        [typeof(int)] = ValueKind.Int32,
        [typeof(uint)] = ValueKind.UInt32,
        [typeof(long)] = ValueKind.Int64,
        [typeof(ulong)] = ValueKind.UInt64,
        [typeof(float)] = ValueKind.Single,
        [typeof(double)] = ValueKind.Double,
    };

    /// <summary>The type of a column that is read, or null where we have none for it: dates, images, vectors of varying length.</summary>
    public static ColumnType? OfInput(DataViewSchema.Column column) => column.Type switch
    {
        VectorDataViewType { IsKnownSize: true } vector when Kind(vector.ItemType) is { } kind => new ColumnType(kind, vector.Size),
        PrimitiveDataViewType scalar when Kind(scalar) is { } kind => new ColumnType(kind),
        _ => null,
    };

    /// <summary>The type of a column that is answered: as that of one that is read, but keys that carry their labels are text.</summary>
    public static ColumnType? OfOutput(DataViewSchema.Column column) => OfInput(column) switch
    {
        { Kind: ValueKind.Key } key when KeyLabels.Has(column) => key with { Kind = ValueKind.Text },
        var type => type,
    };

    private static ValueKind? Kind(PrimitiveDataViewType type) => type switch
    {
        TextDataViewType => ValueKind.Text,
        BooleanDataViewType => ValueKind.Boolean,
        KeyDataViewType => type.RawType == typeof(uint) ? ValueKind.Key : null,
        NumberDataViewType when Numbers.TryGetValue(type.RawType, out var kind) => kind,
        _ => null,
    };
}

using BatchScorer.Batches;

namespace BatchScorer.Sources;

/// <summary>Turns a source column's binary values into a model input's column.</summary>
internal abstract class InputDecoder
{
    /// <summary>Decodes one value into a row of the input column.</summary>
    /// <returns>Null when it fits, otherwise why the row has to be rejected.</returns>
    public abstract string? Decode(ReadOnlySpan<byte> value, int row);

    /// <summary>Writes a missing value into a row of the input column.</summary>
    /// <returns>Null when the input knows missing values, otherwise why the row has to be rejected.</returns>
    public abstract string? DecodeNull(int row);

    /// <summary>The decoder from a source column to a model's input, or null when their types do not go together.</summary>
    public static InputDecoder? For(SourceColumn source, Column target) => (target, source.Family) switch
    {
        (Column<float> { Type.IsVector: true } column, WireFamily.FloatArray or WireFamily.IntegerArray) => new VectorDecoder<float>(column, source.Family),
        (Column<double> { Type.IsVector: true } column, WireFamily.FloatArray or WireFamily.IntegerArray) => new VectorDecoder<double>(column, source.Family),
        ({ Type.IsVector: true }, _) => null,
        (Column<float> column, WireFamily.Integer or WireFamily.Float) => new RealDecoder<float>(column, source.Family),
        (Column<double> column, WireFamily.Integer or WireFamily.Float) => new RealDecoder<double>(column, source.Family),
        (Column<float> column, WireFamily.Numeric) => new NumericDecoder<float>(column),
        (Column<double> column, WireFamily.Numeric) => new NumericDecoder<double>(column),
        (Column<bool> column, WireFamily.Boolean) => new BooleanDecoder(column),
        (TextColumn column, WireFamily.Text) => new TextDecoder(column),
        (Column<sbyte> column, WireFamily.Integer or WireFamily.Numeric) => new IntegerDecoder<sbyte>(column, source.Family),
        (Column<byte> column, WireFamily.Integer or WireFamily.Numeric) => new IntegerDecoder<byte>(column, source.Family),
        (Column<short> column, WireFamily.Integer or WireFamily.Numeric) => new IntegerDecoder<short>(column, source.Family),
        (Column<ushort> column, WireFamily.Integer or WireFamily.Numeric) => new IntegerDecoder<ushort>(column, source.Family),
        (Column<int> column, WireFamily.Integer or WireFamily.Numeric) => new IntegerDecoder<int>(column, source.Family),
        (Column<uint> column, WireFamily.Integer or WireFamily.Numeric) => new IntegerDecoder<uint>(column, source.Family),
        (Column<long> column, WireFamily.Integer or WireFamily.Numeric) => new IntegerDecoder<long>(column, source.Family),
        (Column<ulong> column, WireFamily.Integer or WireFamily.Numeric) => new IntegerDecoder<ulong>(column, source.Family),
        _ => null,
    };

    /// <summary>The SQL types that fit a model's input, for messages.</summary>
    public static string AcceptedTypes(ColumnType type) => (type.Kind, type.IsVector) switch
    {
        (ValueKind.Single or ValueKind.Double, true) => $"an array of {type.VectorLength} numbers (real[], double precision[], smallint[], integer[] or bigint[])",
        (_, true) => "nothing a PostgreSQL column can hold",
        (ValueKind.Single or ValueKind.Double, _) => "smallint, integer, bigint, real, double precision or numeric",
        (ValueKind.Boolean, _) => "boolean",
        (ValueKind.Text, _) => "text, varchar, char or an enumeration",
        _ => "smallint, integer, bigint or numeric",
    };
}

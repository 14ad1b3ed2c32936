using System.Buffers.Binary;
using System.Numerics;
using BatchScorer.Batches;

namespace BatchScorer.Predictions;

/// <summary>Writes a model's output column in the binary form of its SQL type.</summary>
internal abstract class OutputEncoder
{
    public abstract void Encode(int row, CopyBuffer buffer);

    /// <summary>The encoder of a column whose <see cref="OutputColumn.SqlType"/> is not null.</summary>
    public static OutputEncoder For(Column column) => column switch
    {
        Column<float> { Type.IsVector: true } vector => new ArrayEncoder<float>(vector, 700, 4, static (bytes, value) => BinaryPrimitives.WriteSingleBigEndian(bytes, value)),
        Column<double> { Type.IsVector: true } vector => new ArrayEncoder<double>(vector, 701, 8, static (bytes, value) => BinaryPrimitives.WriteDoubleBigEndian(bytes, value)),
        Column<float> scalar => new SingleEncoder(scalar),
        Column<double> scalar => new DoubleEncoder(scalar),
        Column<bool> scalar => new BooleanEncoder(scalar),
        TextColumn text => new TextEncoder(text),
        Column<uint> { Type.Kind: ValueKind.Key } key => new KeyEncoder(key),
        Column<sbyte> scalar => new IntegerEncoder<sbyte>(scalar, 2),
        Column<byte> scalar => new IntegerEncoder<byte>(scalar, 2),
        Column<short> scalar => new IntegerEncoder<short>(scalar, 2),
        Column<ushort> scalar => new IntegerEncoder<ushort>(scalar, 4),
        Column<int> scalar => new IntegerEncoder<int>(scalar, 4),
        Column<uint> scalar => new IntegerEncoder<uint>(scalar, 8),
        Column<long> scalar => new IntegerEncoder<long>(scalar, 8),
        _ => throw new ArgumentOutOfRangeException(nameof(column), column.Type, "No SQL type holds this output."),
    };
}

internal sealed class SingleEncoder(Column<float> column) : OutputEncoder
{
    public override void Encode(int row, CopyBuffer buffer) =>
        BinaryPrimitives.WriteSingleBigEndian(buffer.WriteField(sizeof(float)), column.Values[row]);
}

internal sealed class DoubleEncoder(Column<double> column) : OutputEncoder
{
    public override void Encode(int row, CopyBuffer buffer) =>
        BinaryPrimitives.WriteDoubleBigEndian(buffer.WriteField(sizeof(double)), column.Values[row]);
}

internal sealed class BooleanEncoder(Column<bool> column) : OutputEncoder
{
    public override void Encode(int row, CopyBuffer buffer) =>
        buffer.WriteField(1)[0] = column.Values[row] ? (byte)1 : (byte)0;
}

/// <summary>Integers, sign-extended to the 2, 4 or 8 bytes of the SQL type that holds them all.</summary>
internal sealed class IntegerEncoder<T>(Column<T> column, int length) : OutputEncoder
    where T : unmanaged, IBinaryInteger<T>
{
    public override void Encode(int row, CopyBuffer buffer)
    {
        Span<byte> wide = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(wide, long.CreateChecked(column.Values[row]));
        buffer.Write(wide[^length..]);
    }
}

/// <summary>A category's number as bigint; a missing one is null.</summary>
internal sealed class KeyEncoder(Column<uint> column) : OutputEncoder
{
    public override void Encode(int row, CopyBuffer buffer)
    {
        if (column.Values[row] == 0)
            buffer.WriteNull();
        else
            BinaryPrimitives.WriteInt64BigEndian(buffer.WriteField(sizeof(long)), column.Values[row]);
    }
}

/// <summary>Text; a missing one, which is empty, is null.</summary>
internal sealed class TextEncoder(TextColumn column) : OutputEncoder
{
    public override void Encode(int row, CopyBuffer buffer)
    {
        var value = column[row];
        if (value.IsEmpty)
            buffer.WriteNull();
        else
            buffer.Write(value);
    }
}

/// <summary>A vector as a one-dimensional array from index 1 on (<c>array_recv</c> in the server's <c>arrayfuncs.c</c>).</summary>
internal sealed class ArrayEncoder<T>(Column<T> column, int elementTypeId, int elementLength, ArrayEncoder<T>.WriteElement writeElement) : OutputEncoder
    where T : unmanaged
{
    internal delegate void WriteElement(Span<byte> bytes, T value);

    public override void Encode(int row, CopyBuffer buffer)
    {
        var values = column.Row(row);
        var field = buffer.WriteField(20 + values.Length * (4 + elementLength));
        ReadOnlySpan<int> header = [1, 0, elementTypeId, values.Length, 1];
        foreach (var number in header)
        {
            BinaryPrimitives.WriteInt32BigEndian(field, number);
            field = field[4..];
        }

        foreach (var value in values)
        {
            BinaryPrimitives.WriteInt32BigEndian(field, elementLength);
            writeElement(field[4..], value);
            field = field[(4 + elementLength)..];
        }
    }
}

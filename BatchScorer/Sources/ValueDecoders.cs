using System.Buffers.Binary;
using System.Numerics;
using BatchScorer.Batches;

namespace BatchScorer.Sources;

/// <summary>Boolean to Boolean; null is refused, since ML.NET's Boolean knows no missing value.</summary>
internal sealed class BooleanDecoder(Column<bool> target) : InputDecoder
{
    public override string? Decode(ReadOnlySpan<byte> value, int row)
    {
        target.Values[row] = value[0] != 0;
        return null;
    }

    public override string? DecodeNull(int row) => "the value is null, and the model's input is Boolean, which has no missing value";
}

/// <summary>Text to Text, byte for byte; null is empty.</summary>
internal sealed class TextDecoder(TextColumn target) : InputDecoder
{
    public override string? Decode(ReadOnlySpan<byte> value, int row)
    {
        target.Append(value);
        return null;
    }

    public override string? DecodeNull(int row)
    {
        target.Append([]);
        return null;
    }
}

/// <summary>
/// One-dimensional arrays of numbers to a vector of Single or Double; a null element is NaN, and a null array is NaN throughout.
/// </summary>
/// <remarks>
/// The binary form (<c>array_send</c> in the server's <c>arrayfuncs.c</c>): dimensions, null flag, element type, then length and
/// lower bound of each dimension, then length and bytes of each element.
/// </remarks>
internal sealed class VectorDecoder<T>(Column<T> target, WireFamily family) : InputDecoder
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly WireFamily elementFamily = family is WireFamily.IntegerArray ? WireFamily.Integer : WireFamily.Float;

    public override string? Decode(ReadOnlySpan<byte> value, int row)
    {
        var dimensions = BinaryPrimitives.ReadInt32BigEndian(value);
        var length = dimensions == 0 ? 0 : BinaryPrimitives.ReadInt32BigEndian(value[12..]);
        if (dimensions > 1 || length != target.Type.VectorLength)
            return $"the array has {(dimensions > 1 ? $"{dimensions} dimensions" : $"{length} elements")}, and the model's input is a {target.Type}";

        var elements = value[20..];
        foreach (ref var result in target.Row(row))
        {
            var elementLength = BinaryPrimitives.ReadInt32BigEndian(elements);
            elements = elements[4..];
            if (elementLength < 0)
            {
                result = T.NaN;
                continue;
            }

            if (RealNumber.Store(elements[..elementLength], elementFamily, out result) is { } reason)
                return reason;
            elements = elements[elementLength..];
        }

        return null;
    }

    public override string? DecodeNull(int row)
    {
        target.Row(row).Fill(T.NaN);
        return null;
    }
}

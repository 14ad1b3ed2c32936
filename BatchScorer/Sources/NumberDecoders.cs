using System.Numerics;
using BatchScorer.Batches;

namespace BatchScorer.Sources;

/// <summary>Integers and floating-point numbers to Single or Double: to the nearest; null is NaN.</summary>
internal sealed class RealDecoder<T>(Column<T> target, WireFamily family) : InputDecoder
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override string? Decode(ReadOnlySpan<byte> value, int row) => RealNumber.Store(value, family, out target.Values[row]);

    public override string? DecodeNull(int row)
    {
        target.Values[row] = T.NaN;
        return null;
    }
}

/// <summary>The conversion that single numbers and the elements of vectors share.</summary>
internal static class RealNumber
{
    /// <returns>Null, or why the value does not fit: finite, but beyond the target's range.</returns>
    public static string? Store<T>(ReadOnlySpan<byte> value, WireFamily family, out T result)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (family is WireFamily.Integer)
        {
            result = T.CreateChecked(WireNumber.Integer(value));
            return null;
        }

        var number = WireNumber.Float(value);
        result = T.CreateChecked(number);
        return T.IsInfinity(result) && !double.IsInfinity(number) ? OutOfRange<T>($"{number:R}") : null;
    }

    public static string OutOfRange<T>(string value) => $"{value} is beyond the range of {typeof(T).Name}";
}

/// <summary>Numeric to Single or Double: to the nearest; null is NaN.</summary>
internal sealed class NumericDecoder<T>(Column<T> target) : InputDecoder
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override string? Decode(ReadOnlySpan<byte> value, int row)
    {
        var numeric = new WireNumeric(value);
        var result = typeof(T) == typeof(float) ? T.CreateChecked(numeric.ToSingle()) : T.CreateChecked(numeric.ToDouble());
        target.Values[row] = result;
        return T.IsInfinity(result) && numeric.IsFinite ? RealNumber.OutOfRange<T>(numeric.ToString()) : null;
    }

    public override string? DecodeNull(int row)
    {
        target.Values[row] = T.NaN;
        return null;
    }
}

/// <summary>Integers, and numerics that are whole, to an integer that holds them; null is refused, since ML.NET's integers know no missing value.</summary>
internal sealed class IntegerDecoder<T>(Column<T> target, WireFamily family) : InputDecoder
    where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
{
    private static readonly Int128 Least = Int128.CreateChecked(T.MinValue);
    private static readonly Int128 Greatest = Int128.CreateChecked(T.MaxValue);

    public override string? Decode(ReadOnlySpan<byte> value, int row)
    {
        Int128 number;
        if (family is WireFamily.Integer)
            number = WireNumber.Integer(value);
        else if (!new WireNumeric(value).TryToInteger(out number))
            return $"{new WireNumeric(value).ToString()} is not a whole number that fits into {target.Type} ({T.MinValue} to {T.MaxValue})";
        if (number < Least || number > Greatest)
            return $"{number} is beyond the range of {target.Type} ({T.MinValue} to {T.MaxValue})";
        target.Values[row] = T.CreateTruncating(number);
        return null;
    }

    public override string? DecodeNull(int row) => $"the value is null, and the model's input is {target.Type}, which has no missing value";
}

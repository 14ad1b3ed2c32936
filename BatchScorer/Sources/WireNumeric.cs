using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace BatchScorer.Sources;

/// <summary>
/// Reads PostgreSQL's <c>numeric</c> in its binary form: digits to base 10,000, most significant first
/// (<c>numeric_send</c> in the server's <c>numeric.c</c>: digit count, weight of the first digit, sign, decimals, digits).
/// </summary>
internal readonly ref struct WireNumeric
{
    private const ushort Negative = 0x4000;
    private const ushort NotANumber = 0xC000;
    private const ushort PositiveInfinity = 0xD000;
    private const ushort NegativeInfinity = 0xF000;

    private readonly ReadOnlySpan<byte> digits;
    private readonly int weight;
    private readonly ushort sign;

    public WireNumeric(ReadOnlySpan<byte> value)
    {
        digits = value[8..];
        weight = BinaryPrimitives.ReadInt16BigEndian(value[2..]);
        sign = BinaryPrimitives.ReadUInt16BigEndian(value[4..]);
    }

    /// <summary>Whether it is a number, neither NaN nor infinite.</summary>
    public bool IsFinite => sign is 0 or Negative;

    private int DigitCount => digits.Length / 2;

    /// <summary>The nearest double, ties to even.</summary>
    public double ToDouble() => sign switch
    {
        NotANumber => double.NaN,
        PositiveInfinity => double.PositiveInfinity,
        NegativeInfinity => double.NegativeInfinity,
        _ => TryExact(1L << 53, 22, out var mantissa, out var power)
            ? (power < 0 ? mantissa / PowersOfTen[-power] : mantissa * PowersOfTen[power])
            : double.Parse(Scientific(), NumberStyles.Float, CultureInfo.InvariantCulture),
    };

    /// <summary>The nearest float, ties to even; infinity when it is out of range.</summary>
    /// <remarks>Rounding to double first and to float then would be off by a bit now and then.</remarks>
    public float ToSingle() => sign switch
    {
        NotANumber => float.NaN,
        PositiveInfinity => float.PositiveInfinity,
        NegativeInfinity => float.NegativeInfinity,
        _ => TryExact(1L << 24, 10, out var mantissa, out var power)
            ? (power < 0 ? (float)mantissa / (float)PowersOfTen[-power] : (float)mantissa * (float)PowersOfTen[power])
            : float.Parse(Scientific(), NumberStyles.Float, CultureInfo.InvariantCulture),
    };

    /// <summary>Whether it is a whole number that fits into 128 bits.</summary>
    public bool TryToInteger(out Int128 value)
    {
        value = 0;
        return IsFinite && Int128.TryParse(Scientific(), NumberStyles.Float, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>For people: at most 30 characters, so rounded where it has more than 28 digits.</summary>
    public override string ToString()
    {
        if (IsFinite && decimal.TryParse(Scientific(), NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
            return value.ToString(CultureInfo.InvariantCulture);
        var nearest = ToDouble();
        return IsFinite && double.IsInfinity(nearest)
            ? $"{(nearest < 0 ? "-" : "")}1E+{4 * weight} or more"
            : nearest.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Every digit, such as <c>-12345678e-4</c>.</summary>
    private string Scientific()
    {
        var text = new StringBuilder(sign == Negative ? "-0" : "0", DigitCount * 4 + 10);
        for (var i = 0; i < DigitCount; i++)
            text.Append(CultureInfo.InvariantCulture, $"{Digit(i):D4}");
        return text.Append(CultureInfo.InvariantCulture, $"e{4 * (weight + 1 - DigitCount)}").ToString();
    }

    private static readonly double[] PowersOfTen = [.. Enumerable.Range(0, 23).Select(power => Math.Pow(10, power))];

    private int Digit(int index) => BinaryPrimitives.ReadUInt16BigEndian(digits[(index * 2)..]);

    // A quotient or product of two numbers that the floating-point type holds exactly is rounded once, so it is the nearest.
    private bool TryExact(long mantissaLimit, int powerLimit, out long mantissa, out int power)
    {
        mantissa = 0;
        power = 4 * (weight + 1 - DigitCount);
        for (var i = 0; i < DigitCount; i++)
        {
            mantissa = mantissa * 10_000 + Digit(i);
            if (mantissa > mantissaLimit)
                return false;
        }

        // The last digit to base 10,000 is padded with zeros: 0.5 is sent as 5000.
        while (power < 0 && mantissa != 0 && mantissa % 10 == 0)
        {
            mantissa /= 10;
            power++;
        }

        if (sign == Negative)
            mantissa = -mantissa;
        return Math.Abs(power) <= powerLimit;
    }
}

using System.Globalization;
using System.Text;

namespace BatchScorer.Models.Compiled.Steps.Conversion;

/// <summary>Text to Single as ML.NET's <c>DoubleParser</c> does it, bit for bit.</summary>
internal readonly struct ParseSingle : ITextParser<float>
{
    private const int LeastExponent = -65;
    private const int LargestExponent = 39;

    /// <summary>Powers of ten; beyond them a number is zero or infinity whatever its digits, as in ML.NET.</summary>
    private static readonly double[] Powers =
    [
        .. Enumerable.Range(LeastExponent, LargestExponent - LeastExponent + 1)
            .Select(exponent => double.Parse($"1e{exponent}", CultureInfo.InvariantCulture)),
    ];

    public static bool TryParse(ReadOnlySpan<byte> utf8, out float value)
    {
        value = DecimalText.Read(utf8) switch
        {
            { Special: { } special } => (float)special,
            { Digits: 0, IsNegative: var isNegative } => isNegative ? -0f : 0f,
            var number => (float)Scale(number) * (number.IsNegative ? -1 : 1),
        };
        return true;
    }

    private static double Scale(DecimalText number) => number.Exponent switch
    {
        > LargestExponent => double.PositiveInfinity,
        < LeastExponent => 0,
        var exponent => Powers[exponent - LeastExponent] * number.Digits,
    };
}

/// <summary>
/// Text to Double as ML.NET's <c>DoubleParser</c> does it, except that all results are rounded to nearest:
/// with more than 15 digits or large exponents ML.NET's are at times one unit off.
/// </summary>
internal readonly struct ParseDouble : ITextParser<double>
{
    public static bool TryParse(ReadOnlySpan<byte> utf8, out double value)
    {
        value = DecimalText.Read(utf8) switch
        {
            { Special: { } special } => special,
            { Digits: 0, IsNegative: var isNegative } => isNegative ? -0d : 0d,
            var number => double.Parse(string.Create(CultureInfo.InvariantCulture, $"{number.Digits}e{number.Exponent}"), CultureInfo.InvariantCulture)
                * (number.IsNegative ? -1 : 1),
        };
        return true;
    }
}

/// <summary>A decimal number in a text: its digits as an integer, and the power of ten they are to be multiplied by.</summary>
/// <param name="Special">A value that is not made of digits: 0 for blank, infinities, NaN for anything that is no number.</param>
internal readonly record struct DecimalText(bool IsNegative, ulong Digits, long Exponent, double? Special)
{
    /// <summary>Further digits are left out from here on; they only count for the exponent.</summary>
    private const ulong LastMultiplied = (ulong.MaxValue - 9) / 10;

    private const long LargestExponent = long.MaxValue / 100;

    /// <summary>
    /// Reads a text that is to be one number. Blanks may follow it; if blanks precede it, ML.NET takes only a single digit for a number.
    /// </summary>
    public static DecimalText Read(ReadOnlySpan<byte> utf8)
    {
        Span<char> characters = utf8.Length <= 256 ? stackalloc char[utf8.Length] : new char[utf8.Length];
        ReadOnlySpan<char> text = characters[..Encoding.UTF8.GetChars(utf8, characters)];
        var number = text.TrimStart();
        if (number.IsEmpty)
            return Of(0);
        if (number.Length < text.Length)
            return number.Length == 1 && char.IsAsciiDigit(number[0]) ? ReadNumber(number) : Of(double.NaN);
        text = text.TrimEnd();
        return text switch
        {
            "Infinity" or "∞" => Of(double.PositiveInfinity),
            "-Infinity" or "-∞" => Of(double.NegativeInfinity),
            _ => ReadNumber(text),
        };
    }

    private static DecimalText Of(double special) => new(false, 0, 0, special);

    private static DecimalText ReadNumber(ReadOnlySpan<char> text)
    {
        var isNegative = text[0] == '-';
        var at = text[0] is '-' or '+' ? 1 : 0;
        ulong digits = 0;
        long exponent = 0;
        var start = at;
        for (; at < text.Length && char.IsAsciiDigit(text[at]); at++)
        {
            if (digits < LastMultiplied)
                digits = 10 * digits + (uint)(text[at] - '0');
            else
                exponent++;
        }

        var count = at - start;
        if (at < text.Length && text[at] == '.')
        {
            start = ++at;
            for (; at < text.Length && char.IsAsciiDigit(text[at]); at++)
            {
                if (digits >= LastMultiplied)
                    continue;
                digits = 10 * digits + (uint)(text[at] - '0');
                exponent--;
            }

            count += at - start;
        }

        return count > 0 && TryReadExponent(text[at..], ref exponent) ? new(isNegative, digits, exponent, null) : Of(double.NaN);
    }

    private static bool TryReadExponent(ReadOnlySpan<char> text, ref long exponent)
    {
        if (text.IsEmpty)
            return true;
        if (text[0] is not ('e' or 'E'))
            return false;
        var isNegative = text.Length > 1 && text[1] == '-';
        var digits = text[(text.Length > 1 && text[1] is '-' or '+' ? 2 : 1)..];
        if (digits.IsEmpty)
            return false;
        long power = 0;
        foreach (var digit in digits)
        {
            if (!char.IsAsciiDigit(digit))
                return false;
            if (power < LargestExponent)
                power = 10 * power + (digit - '0');
        }

        exponent += isNegative ? -power : power;
        return true;
    }
}

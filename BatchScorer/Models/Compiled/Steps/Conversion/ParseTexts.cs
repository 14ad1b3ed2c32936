using System.Numerics;
using BatchScorer.Batches;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Steps.Conversion;

/// <summary>How a text becomes a value; false where ML.NET stops with an error.</summary>
internal interface ITextParser<T>
{
    static abstract bool TryParse(ReadOnlySpan<byte> utf8, out T value);
}

/// <summary>Parses a column of text. A row with a text that ML.NET would stop at cannot be scored.</summary>
internal sealed class ParseTexts<T, TParser>(string name, Kernel source, ValueKind target)
    : Kernel(name, source.Type with { Kind = target }, source)
    where T : unmanaged
    where TParser : struct, ITextParser<T>
{
    public override void Run(Block block)
    {
        var target = block.Write<T>(this);
        var (texts, start) = block.Text(Sources[0]);
        for (var i = 0; i < target.Length; i++)
        {
            if (!TParser.TryParse(texts[start + i], out target[i]))
                block.Fault(i / Type.Width, Sources[0].Name, $"the text is not a whole number that fits {Type.Kind}");
        }
    }
}

/// <summary>Empty is 0; an optional minus sign and digits; nothing else, not even blanks.</summary>
internal readonly struct ParseSigned<T> : ITextParser<T>
    where T : IBinaryInteger<T>, IMinMaxValue<T>
{
    public static bool TryParse(ReadOnlySpan<byte> utf8, out T value)
    {
        value = T.Zero;
        if (utf8.IsEmpty)
            return true;
        var isNegative = utf8[0] == '-';
        if (!Digits.TryParse(isNegative ? utf8[1..] : utf8, out var magnitude))
            return false;
        var limit = ulong.CreateTruncating(T.MaxValue) + (isNegative ? 1UL : 0UL);
        value = T.CreateTruncating(isNegative ? 0 - magnitude : magnitude);
        return magnitude <= limit;
    }
}

/// <summary>Digits; anything else, and what does not fit, is 0.</summary>
internal readonly struct ParseUnsigned<T> : ITextParser<T>
    where T : IBinaryInteger<T>, IMinMaxValue<T>
{
    public static bool TryParse(ReadOnlySpan<byte> utf8, out T value)
    {
        value = Digits.TryParse(utf8, out var magnitude) && magnitude <= ulong.CreateTruncating(T.MaxValue)
            ? T.CreateTruncating(magnitude)
            : T.Zero;
        return true;
    }
}

/// <summary>1, +1, t, true, y, yes and + in any case; anything else is false.</summary>
internal readonly struct ParseBoolean : ITextParser<bool>
{
    public static bool TryParse(ReadOnlySpan<byte> utf8, out bool value)
    {
        Span<byte> lower = stackalloc byte[4];
        value = false;
        if (utf8.Length > lower.Length)
            return true;
        for (var i = 0; i < utf8.Length; i++)
            lower[i] = utf8[i] is >= (byte)'A' and <= (byte)'Z' ? (byte)(utf8[i] | 0x20) : utf8[i];
        lower = lower[..utf8.Length];
        value = lower.SequenceEqual("1"u8) || lower.SequenceEqual("+1"u8) || lower.SequenceEqual("+"u8)
            || lower.SequenceEqual("t"u8) || lower.SequenceEqual("true"u8) || lower.SequenceEqual("y"u8) || lower.SequenceEqual("yes"u8);
        return true;
    }
}

/// <summary>A run of one or more ASCII digits.</summary>
internal static class Digits
{
    public static bool TryParse(ReadOnlySpan<byte> utf8, out ulong value)
    {
        value = 0;
        foreach (var character in utf8)
        {
            var digit = (uint)character - '0';
            if (digit > 9 || value > (ulong.MaxValue - digit) / 10)
                return false;
            value = value * 10 + digit;
        }

        return !utf8.IsEmpty;
    }
}

using System.Globalization;
using System.Numerics;
using System.Text;
using BatchScorer.Batches;
using BatchScorer.Exchange.Csv;

namespace BatchScorer.Exchange.Scoring;

/// <summary>Turns the text of a CSV field into a row of a model input's column, with the rules that database columns have.</summary>
internal abstract class InputParser
{
    /// <summary>Parses one field; an empty one is a missing value.</summary>
    /// <returns>Null when it fits, otherwise why the row has to be rejected.</returns>
    public abstract string? Parse(ReadOnlySpan<byte> field, int row);

    /// <summary>The parser for an input's column, or null when no text stands for its values.</summary>
    public static InputParser? For(Column target) => target switch
    {
        Column<float> { Type.IsVector: true } vector => new VectorParser<float>(vector),
        Column<double> { Type.IsVector: true } vector => new VectorParser<double>(vector),
        { Type.IsVector: true } => null,
        Column<float> column => new RealParser<float>(column),
        Column<double> column => new RealParser<double>(column),
        Column<bool> column => new BooleanParser(column),
        TextColumn column => new TextParser(column),
        Column<sbyte> column => new IntegerParser<sbyte>(column),
        Column<byte> column => new IntegerParser<byte>(column),
        Column<short> column => new IntegerParser<short>(column),
        Column<ushort> column => new IntegerParser<ushort>(column),
        Column<int> column => new IntegerParser<int>(column),
        Column<uint> column => new IntegerParser<uint>(column),
        Column<long> column => new IntegerParser<long>(column),
        Column<ulong> column => new IntegerParser<ulong>(column),
        _ => null,
    };

    protected static string Missing(Column target) => $"the value is missing, and the model's input is {target.Type}, which has no missing value";
}

/// <summary>Booleans as programs write them; a missing one is refused, since ML.NET's Boolean knows none.</summary>
internal sealed class BooleanParser(Column<bool> target) : InputParser
{
    public override string? Parse(ReadOnlySpan<byte> field, int row)
    {
        if (field.IsEmpty)
            return Missing(target);
        var isTrue = Is(field, "true"u8) || Is(field, "t"u8) || Is(field, "1"u8);
        target.Values[row] = isTrue;
        return isTrue || Is(field, "false"u8) || Is(field, "f"u8) || Is(field, "0"u8) ? null : $"{FieldText.Quote(field)} is neither true nor false (t and f, 1 and 0)";
    }

    private static bool Is(ReadOnlySpan<byte> field, ReadOnlySpan<byte> word) => Ascii.EqualsIgnoreCase(field, word);
}

/// <summary>Text, byte for byte; a missing one is empty.</summary>
internal sealed class TextParser(TextColumn target) : InputParser
{
    public override string? Parse(ReadOnlySpan<byte> field, int row)
    {
        target.Append(field);
        return null;
    }
}

/// <summary>Whole numbers that the target holds, also as <c>12.0</c>; a missing one is refused, since ML.NET's integers know none.</summary>
internal sealed class IntegerParser<T>(Column<T> target) : InputParser
    where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
{
    public override string? Parse(ReadOnlySpan<byte> field, int row)
    {
        if (T.TryParse(field, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out target.Values[row]))
            return null;
        if (field.IsEmpty)
            return Missing(target);
        if (!Int128.TryParse(field, RealNumber.Style, CultureInfo.InvariantCulture, out var number))
            return $"{FieldText.Quote(field)} is not a whole number that fits into {target.Type} ({T.MinValue} to {T.MaxValue})";
        if (number < Int128.CreateChecked(T.MinValue) || number > Int128.CreateChecked(T.MaxValue))
            return $"{number} is beyond the range of {target.Type} ({T.MinValue} to {T.MaxValue})";
        target.Values[row] = T.CreateTruncating(number);
        return null;
    }
}

/// <summary>Numbers to Single or Double: to the nearest; a missing one is NaN.</summary>
internal sealed class RealParser<T>(Column<T> target) : InputParser
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override string? Parse(ReadOnlySpan<byte> field, int row) => RealNumber.Parse(field, out target.Values[row]) switch
    {
        RealNumber.Outcome.Fits => null,
        RealNumber.Outcome.BeyondRange => $"{FieldText.Quote(field)} is beyond the range of {typeof(T).Name}",
        _ => $"{FieldText.Quote(field)} is not a number",
    };
}

/// <summary>
/// A list of numbers in one field, <c>{0.5,1,NULL}</c> as PostgreSQL writes arrays or <c>[0.5, 1, null]</c> as JSON has them; a missing
/// element is NaN, and a missing list is NaN throughout.
/// </summary>
internal sealed class VectorParser<T>(Column<T> target) : InputParser
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public override string? Parse(ReadOnlySpan<byte> field, int row)
    {
        var values = target.Row(row);
        if (field.IsEmpty)
        {
            values.Fill(T.NaN);
            return null;
        }

        if (field is not ([(byte)'{', .., (byte)'}'] or [(byte)'[', .., (byte)']']))
            return $"{FieldText.Quote(field)} is not a list of {values.Length} numbers such as {{0.5,1}}";
        var rest = field[1..^1];
        var length = rest.Trim((byte)' ').IsEmpty ? 0 : rest.Count((byte)',') + 1;
        if (length != values.Length)
            return $"the list has {length} elements, and the model's input is a {target.Type}";
        foreach (ref var value in values)
        {
            var end = rest.IndexOf((byte)',');
            var element = (end < 0 ? rest : rest[..end]).Trim((byte)' ');
            rest = end < 0 ? [] : rest[(end + 1)..];
            if (Ascii.EqualsIgnoreCase(element, "null"u8))
                value = T.NaN;
            else if (element.IsEmpty || RealNumber.Parse(element, out value) is not RealNumber.Outcome.Fits)
                return $"{FieldText.Quote(element)} in the list is not a number that fits into {typeof(T).Name}";
        }

        return null;
    }
}

/// <summary>Numbers as people and programs write them, <c>NaN</c> and <c>Infinity</c> among them; an empty text is NaN.</summary>
internal static class RealNumber
{
    public const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    internal enum Outcome
    {
        Fits,
        NoNumber,
        BeyondRange,
    }

    public static Outcome Parse<T>(ReadOnlySpan<byte> text, out T value)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        value = T.NaN;
        if (text.IsEmpty)
            return Outcome.Fits;
        if (!T.TryParse(text, Style, NumberFormatInfo.InvariantInfo, out value))
            return Outcome.NoNumber;
        return T.IsInfinity(value) && text.ContainsAnyInRange((byte)'0', (byte)'9') ? Outcome.BeyondRange : Outcome.Fits;
    }
}

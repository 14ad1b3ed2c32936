using System.Buffers.Text;
using System.Globalization;
using System.Numerics;
using System.Text;
using BatchScorer.Exchange.Csv;

namespace BatchScorer.Exchange.Import;

/// <summary>
/// Says of the text of a field whether it is a value of a column's type. Stricter than the server where that guesses: a date has
/// one form, an instant has an offset where the column has one, and none where it has not.
/// </summary>
internal static class FieldCheck
{
    private const int LongestTime = 40;

    private const NumberStyles Decimal = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;

    private const NumberStyles Scientific = Decimal | NumberStyles.AllowExponent;

    // "F" takes none to six digits.
    private static readonly string[] Timestamps = ["yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm:ss.FFFFFF", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss.FFFFFF"];

    private static readonly string[] Instants = [.. Timestamps.SelectMany(form => new[] { $"{form}K", $"{form}zz" })];

    /// <summary>Why a field will not do, or null where it does, or where only the server can tell.</summary>
    /// <param name="column">The column.</param>
    /// <param name="field">A field that is not missing.</param>
    public static string? FindFault(TargetColumn column, ReadOnlySpan<byte> field)
    {
        if (field.Contains((byte)0))
            return "there is a NUL character in it, which PostgreSQL's texts cannot hold; leave that out";
        var expected = column.TypeId switch
        {
            16 => IsBoolean(field) ? null : "true or false (t and f, 1 and 0)",
            21 => IsInteger(field, short.MinValue, short.MaxValue) ? null : $"a whole number from {short.MinValue} to {short.MaxValue}",
            23 => IsInteger(field, int.MinValue, int.MaxValue) ? null : $"a whole number from {int.MinValue} to {int.MaxValue}",
            20 => IsInteger(field, long.MinValue, long.MaxValue) ? null : $"a whole number from {long.MinValue} to {long.MaxValue}",
            700 => IsReal<float>(field) ? null : "a number that a real can hold, such as 0.25",
            701 => IsReal<double>(field) ? null : "a number that a double precision can hold, such as 0.25",
            1700 => IsNumeric(field) ? null : "a number such as 12.50",
            1082 => IsDate(field) ? null : "a date such as 2026-03-01",
            1114 => IsTimestamp(field) ? null : "a time without an offset such as 2026-03-01 06:30:00",
            1184 => IsInstant(field) ? null : "an instant with its offset such as 2026-03-01T06:30:00Z",
            2950 => IsUuid(field) ? null : "a UUID such as 8c5e1d0a-6a43-4d9e-9c5b-0d6c3f1e2a7b",
            _ => column.MostCharacters is { } most && Characters(field) > most ? $"at most {most} characters" : null,
        };
        return expected is null ? null : $"expected {expected}, since the column is {column.SqlType}, got {FieldText.Quote(field)}";
    }

    public static bool IsBoolean(ReadOnlySpan<byte> field) =>
        IsTrueOrFalse(field) || field is [(byte)'t' or (byte)'f' or (byte)'T' or (byte)'F' or (byte)'0' or (byte)'1'];

    public static bool IsTrueOrFalse(ReadOnlySpan<byte> field) => Ascii.EqualsIgnoreCase(field, "true"u8) || Ascii.EqualsIgnoreCase(field, "false"u8);

    public static bool IsInteger(ReadOnlySpan<byte> field, long least, long greatest) =>
        long.TryParse(field, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= least && number <= greatest;

    /// <summary>Whether it is a number in digits, with a decimal point perhaps, that any numeric can hold.</summary>
    public static bool IsDecimal(ReadOnlySpan<byte> field) => field.Length < 1000 && double.TryParse(field, Decimal, CultureInfo.InvariantCulture, out _) && HasDigit(field);

    public static bool IsReal<T>(ReadOnlySpan<byte> field)
        where T : IBinaryFloatingPointIeee754<T> =>
        T.TryParse(field, Scientific, NumberFormatInfo.InvariantInfo, out var number) && (!T.IsInfinity(number) || !HasDigit(field));

    public static bool IsDate(ReadOnlySpan<byte> field) => DateOnly.TryParseExact(Chars(field), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    public static bool IsTimestamp(ReadOnlySpan<byte> field) => !HasOffset(field) && DateTime.TryParseExact(Chars(field), Timestamps, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    /// <summary>Whether it has an offset: <c>Z</c>, <c>+01:00</c>, or <c>+01</c> as PostgreSQL writes it.</summary>
    public static bool IsInstant(ReadOnlySpan<byte> field) =>
        HasOffset(field) && DateTimeOffset.TryParseExact(Chars(field), Instants, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    public static bool IsUuid(ReadOnlySpan<byte> field) => Utf8Parser.TryParse(field, out Guid _, out var read, 'D') && read == field.Length;

    // Hyphens before the eleventh byte are the date's.
    private static bool HasOffset(ReadOnlySpan<byte> field) =>
        field is [.., (byte)'Z'] || (field.Length > "2026-03-01".Length && field["2026-03-01".Length..].ContainsAny((byte)'+', (byte)'-'));

    private static bool IsNumeric(ReadOnlySpan<byte> field) => IsDecimal(field) || IsReal<double>(field);

    private static bool HasDigit(ReadOnlySpan<byte> field) => field.ContainsAnyInRange((byte)'0', (byte)'9');

    private static long Characters(ReadOnlySpan<byte> field) => Encoding.UTF8.GetString(field).EnumerateRunes().Count();

    private static string Chars(ReadOnlySpan<byte> field) => field.Length > LongestTime ? "" : Encoding.UTF8.GetString(field);
}

using System.Numerics;
using BatchScorer.Batches;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Steps.Conversion;

/// <summary>ML.NET's standard conversions between types of columns (its <c>Conversions</c>).</summary>
internal static class Conversions
{
    /// <summary>Makes the column that converts another, or null when ML.NET has no such conversion.</summary>
    public static Kernel? Create(string name, Kernel source, ValueKind target) => source.Type.Kind switch
    {
        var kind when kind == target => source,
        ValueKind.SByte => FromSigned<sbyte>(name, source, target),
        ValueKind.Int16 => FromSigned<short>(name, source, target),
        ValueKind.Int32 => FromSigned<int>(name, source, target),
        ValueKind.Int64 => FromSigned<long>(name, source, target),
        ValueKind.Byte => FromUnsigned<byte>(name, source, target),
        ValueKind.UInt16 => FromUnsigned<ushort>(name, source, target),
        ValueKind.UInt32 => FromUnsigned<uint>(name, source, target),
        ValueKind.UInt64 => FromUnsigned<ulong>(name, source, target),
        ValueKind.Single => FromFloat<float>(name, source, target, "G7"),
        ValueKind.Double => FromFloat<double>(name, source, target, "G17"),
        ValueKind.Boolean => FromBoolean(name, source, target),
        ValueKind.Text => FromText(name, source, target),
        _ => null,
    };

    private static Kernel? FromSigned<T>(string name, Kernel source, ValueKind target)
        where T : unmanaged, IBinaryInteger<T> => target switch
        {
            ValueKind.SByte => new ConvertValues<T, sbyte, Cast<T, sbyte>>(name, source, target),
            ValueKind.Int16 => new ConvertValues<T, short, Cast<T, short>>(name, source, target),
            ValueKind.Int32 => new ConvertValues<T, int, Cast<T, int>>(name, source, target),
            ValueKind.Int64 => new ConvertValues<T, long, Cast<T, long>>(name, source, target),
            _ => FromNumber<T>(name, source, target, ""),
        };

    private static Kernel? FromUnsigned<T>(string name, Kernel source, ValueKind target)
        where T : unmanaged, IBinaryInteger<T> => target switch
        {
            ValueKind.Byte => new ConvertValues<T, byte, InRangeOrZero<T, byte>>(name, source, target),
            ValueKind.UInt16 => new ConvertValues<T, ushort, InRangeOrZero<T, ushort>>(name, source, target),
            ValueKind.UInt32 => new ConvertValues<T, uint, InRangeOrZero<T, uint>>(name, source, target),
            ValueKind.UInt64 => new ConvertValues<T, ulong, InRangeOrZero<T, ulong>>(name, source, target),
            _ => FromNumber<T>(name, source, target, ""),
        };

    private static Kernel? FromFloat<T>(string name, Kernel source, ValueKind target, string format)
        where T : unmanaged, IFloatingPoint<T> => FromNumber<T>(name, source, target, format);

    private static Kernel? FromNumber<T>(string name, Kernel source, ValueKind target, string format)
        where T : unmanaged, INumber<T> => target switch
        {
            ValueKind.Single => new ConvertValues<T, float, Cast<T, float>>(name, source, target),
            ValueKind.Double => new ConvertValues<T, double, Cast<T, double>>(name, source, target),
            ValueKind.Boolean => new ConvertValues<T, bool, IsNotZero<T>>(name, source, target),
            ValueKind.Text => new FormatNumbers<T>(name, source, format),
            _ => null,
        };

    private static Kernel? FromBoolean(string name, Kernel source, ValueKind target) => target switch
    {
        ValueKind.SByte => new ConvertValues<bool, sbyte, OneOrZero<sbyte>>(name, source, target),
        ValueKind.Int16 => new ConvertValues<bool, short, OneOrZero<short>>(name, source, target),
        ValueKind.Int32 => new ConvertValues<bool, int, OneOrZero<int>>(name, source, target),
        ValueKind.Int64 => new ConvertValues<bool, long, OneOrZero<long>>(name, source, target),
        ValueKind.Single => new ConvertValues<bool, float, OneOrZero<float>>(name, source, target),
        ValueKind.Double => new ConvertValues<bool, double, OneOrZero<double>>(name, source, target),
        ValueKind.Text => new FormatBooleans(name, source),
        _ => null,
    };

    private static Kernel? FromText(string name, Kernel source, ValueKind target) => target switch
    {
        ValueKind.SByte => new ParseTexts<sbyte, ParseSigned<sbyte>>(name, source, target),
        ValueKind.Int16 => new ParseTexts<short, ParseSigned<short>>(name, source, target),
        ValueKind.Int32 => new ParseTexts<int, ParseSigned<int>>(name, source, target),
        ValueKind.Int64 => new ParseTexts<long, ParseSigned<long>>(name, source, target),
        ValueKind.Byte => new ParseTexts<byte, ParseUnsigned<byte>>(name, source, target),
        ValueKind.UInt16 => new ParseTexts<ushort, ParseUnsigned<ushort>>(name, source, target),
        ValueKind.UInt32 => new ParseTexts<uint, ParseUnsigned<uint>>(name, source, target),
        ValueKind.UInt64 => new ParseTexts<ulong, ParseUnsigned<ulong>>(name, source, target),
        ValueKind.Single => new ParseTexts<float, ParseSingle>(name, source, target),
        ValueKind.Double => new ParseTexts<double, ParseDouble>(name, source, target),
        ValueKind.Boolean => new ParseTexts<bool, ParseBoolean>(name, source, target),
        _ => null,
    };
}

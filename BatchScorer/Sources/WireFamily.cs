namespace BatchScorer.Sources;

/// <summary>PostgreSQL types that share one binary form but for its length.</summary>
internal enum WireFamily
{
    /// <summary>A type whose bytes can be passed on, but not read.</summary>
    Other,
    Boolean,

    /// <summary>smallint, integer, bigint: two's complement, big-endian, 2, 4 or 8 bytes.</summary>
    Integer,

    /// <summary>real, double precision: IEEE 754, big-endian, 4 or 8 bytes.</summary>
    Float,
    Numeric,

    /// <summary>text, varchar, char, name and enumerations: UTF-8.</summary>
    Text,
    Uuid,

    /// <summary>timestamptz: microseconds since 2000-01-01 UTC as a big-endian 64-bit integer.</summary>
    TimestampTz,
    IntegerArray,
    FloatArray,
}

/// <summary>Which family a type belongs to, by its identifier in <c>pg_type.dat</c>; these never change.</summary>
internal static class WireFamilies
{
    public static WireFamily Of(uint typeId) => typeId switch
    {
        16 => WireFamily.Boolean,
        20 or 21 or 23 => WireFamily.Integer,
        700 or 701 => WireFamily.Float,
        1700 => WireFamily.Numeric,
        19 or 25 or 1042 or 1043 => WireFamily.Text,
        2950 => WireFamily.Uuid,
        1184 => WireFamily.TimestampTz,
        1005 or 1007 or 1016 => WireFamily.IntegerArray,
        1021 or 1022 => WireFamily.FloatArray,
        _ => WireFamily.Other,
    };
}

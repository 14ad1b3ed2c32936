using System.Buffers.Binary;

namespace BatchScorer.Sources;

/// <summary>Reads PostgreSQL's binary numbers; the length says which of a family's types it is.</summary>
internal static class WireNumber
{
    /// <summary>A smallint, integer or bigint.</summary>
    public static long Integer(ReadOnlySpan<byte> value) => value.Length switch
    {
        4 => BinaryPrimitives.ReadInt32BigEndian(value),
        8 => BinaryPrimitives.ReadInt64BigEndian(value),
        2 => BinaryPrimitives.ReadInt16BigEndian(value),
        _ => throw new FormatException($"An integer of {value.Length} bytes was sent; 2, 4 or 8 were expected."),
    };

    /// <summary>A real or double precision; a real is widened, which loses nothing.</summary>
    public static double Float(ReadOnlySpan<byte> value) => value.Length switch
    {
        4 => BinaryPrimitives.ReadSingleBigEndian(value),
        8 => BinaryPrimitives.ReadDoubleBigEndian(value),
        _ => throw new FormatException($"A floating-point number of {value.Length} bytes was sent; 4 or 8 were expected."),
    };
}

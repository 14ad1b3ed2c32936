using BatchScorer.Batches;

namespace BatchScorer.Models.Compiled.Format;

/// <summary>ML.NET's numbers for types (<c>InternalDataKind</c>).</summary>
internal static class DataKind
{
    /// <summary>The kind of value a number stands for, or null when this engine has no column for it.</summary>
    public static ValueKind? Of(byte code) => code switch
    {
        1 => ValueKind.SByte,
        2 => ValueKind.Byte,
        3 => ValueKind.Int16,
        4 => ValueKind.UInt16,
        5 => ValueKind.Int32,
        6 => ValueKind.UInt32,
        7 => ValueKind.Int64,
        8 => ValueKind.UInt64,
        9 => ValueKind.Single,
        10 => ValueKind.Double,
        11 => ValueKind.Text,
        12 => ValueKind.Boolean,
        _ => null,
    };
}

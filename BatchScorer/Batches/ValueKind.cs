namespace BatchScorer.Batches;

/// <summary>The kinds of value a column holds, and how each is kept in memory.</summary>
internal enum ValueKind
{
    /// <summary><see cref="bool"/>; never missing.</summary>
    Boolean,

    /// <summary><see cref="sbyte"/>; never missing.</summary>
    SByte,

    /// <summary><see cref="byte"/>; never missing.</summary>
    Byte,

    /// <summary><see cref="short"/>; never missing.</summary>
    Int16,

    /// <summary><see cref="ushort"/>; never missing.</summary>
    UInt16,

    /// <summary><see cref="int"/>; never missing.</summary>
    Int32,

    /// <summary><see cref="uint"/>; never missing.</summary>
    UInt32,

    /// <summary><see cref="long"/>; never missing.</summary>
    Int64,

    /// <summary><see cref="ulong"/>; never missing.</summary>
    UInt64,

    /// <summary><see cref="float"/>; missing is NaN.</summary>
    Single,

    /// <summary><see cref="double"/>; missing is NaN.</summary>
    Double,

    /// <summary>UTF-8 text (<see cref="TextColumn"/>); missing is empty.</summary>
    Text,

    /// <summary>A category's number from 1 on as <see cref="uint"/>; missing is 0.</summary>
    Key,
}

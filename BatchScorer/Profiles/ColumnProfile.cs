namespace BatchScorer.Profiles;

/// <summary>
/// What there is to know about a column's values without the values. Profiles of any parts of the rows, merged in any order, are the
/// profile of all of them, to the last bit.
/// </summary>
internal abstract record ColumnProfile
{
    public required ProfileSide Side { get; init; }

    /// <summary>The column's name; a slot of a vector is <c>Features[3]</c>, counted from 0.</summary>
    public required string Name { get; init; }

    /// <summary>Rows, missing values included. Rejected rows are none of them.</summary>
    public required long Rows { get; init; }

    /// <summary>Rows without a value: NaN, an empty text, a key's 0.</summary>
    public required long Missing { get; init; }

    /// <summary>Rows with a value.</summary>
    public long Present => Rows - Missing;

    /// <summary>Share of the rows without a value, from 0 to 1; 0 when there are no rows.</summary>
    public double MissingShare => Rows == 0 ? 0 : (double)Missing / Rows;

    /// <summary>Whether two profiles are of the same column, with the same kind of values.</summary>
    public bool IsSameColumn(ColumnProfile other) => other.GetType() == GetType() && other.Side == Side && other.Name == Name;
}

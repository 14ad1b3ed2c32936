namespace BatchScorer.Batches;

/// <summary>The type of a column: a kind of value, one a row or a vector of them a row.</summary>
/// <param name="Kind">The kind of each value.</param>
/// <param name="VectorLength">Values a row for a vector, 0 for a scalar.</param>
internal readonly record struct ColumnType(ValueKind Kind, int VectorLength = 0)
{
    public bool IsVector => VectorLength > 0;

    /// <summary>Values a row: 1 for a scalar.</summary>
    public int Width => Math.Max(1, VectorLength);

    public override string ToString() => IsVector ? $"Vector of {VectorLength} {Kind}" : Kind.ToString();
}

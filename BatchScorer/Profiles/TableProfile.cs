namespace BatchScorer.Profiles;

/// <summary>The profiles of all columns of some rows.</summary>
/// <param name="Columns">Inputs in the model's order, then outputs in that of the predictions table.</param>
internal sealed record TableProfile(IReadOnlyList<ColumnProfile> Columns)
{
    /// <summary>The profile of a column; null when there is none of its kind of values.</summary>
    public ColumnProfile? Find(ColumnProfile like) => Columns.FirstOrDefault(column => column.IsSameColumn(like));
}

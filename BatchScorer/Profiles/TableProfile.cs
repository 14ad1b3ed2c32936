namespace BatchScorer.Profiles;

/// <summary>The profiles of all columns of some rows.</summary>
/// <param name="Columns">Inputs in the model's order, then outputs in that of the predictions table.</param>
internal sealed record TableProfile(IReadOnlyList<ColumnProfile> Columns)
{
    /// <summary>The profile of these rows and the others.</summary>
    /// <exception cref="InvalidOperationException">They do not have the same columns.</exception>
    public TableProfile Merge(TableProfile other)
    {
        if (Columns.Count != other.Columns.Count || !Columns.Zip(other.Columns).All(pair => pair.First.IsSameColumn(pair.Second)))
            throw new InvalidOperationException("Profiles of different columns cannot be merged.");
        return new TableProfile([.. Columns.Zip(other.Columns, (one, two) => one.Merge(two))]);
    }

    /// <summary>The profile of a column; null when there is none of its kind of values.</summary>
    public ColumnProfile? Find(ColumnProfile like) => Columns.FirstOrDefault(column => column.IsSameColumn(like));
}

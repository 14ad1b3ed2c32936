namespace BatchScorer.Sources;

/// <summary>What the catalogue says of a job's source.</summary>
/// <param name="Name">How messages call it: <c>table demo.customers</c>, <c>query churn.sql</c>.</param>
/// <param name="Relation">The SQL that stands after FROM.</param>
/// <param name="Columns">Its columns, in their order.</param>
/// <param name="UniqueKeys">The sets of columns that a unique index proves to be unique and not null.</param>
/// <param name="IsTable">Whether it can be read by key ranges; a query or a view has to be staged first.</param>
internal sealed record SourceDescription(
    string Name,
    string Relation,
    IReadOnlyList<SourceColumn> Columns,
    IReadOnlyList<IReadOnlySet<string>> UniqueKeys,
    bool IsTable)
{
    public SourceColumn? Find(string column) => Columns.FirstOrDefault(candidate => candidate.Name == column);

    /// <summary>Whether the catalogue proves that no two rows share these values and none is null.</summary>
    public bool ProvesKey(IReadOnlyList<string> key) => UniqueKeys.Any(unique => unique.IsSubsetOf(key));
}

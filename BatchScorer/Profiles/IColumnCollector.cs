namespace BatchScorer.Profiles;

/// <summary>Profiles one column of a batch, or one slot of a vector, batch after batch. Not thread-safe.</summary>
internal interface IColumnCollector
{
    /// <summary>Adds the column's rows as they are now.</summary>
    /// <param name="skipped">For each row of the batch, whether it is left out.</param>
    void Add(ReadOnlySpan<bool> skipped);

    /// <summary>The profile of all that was added, after which it starts anew.</summary>
    ColumnProfile Take();
}

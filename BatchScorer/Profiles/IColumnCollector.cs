namespace BatchScorer.Profiles;

/// <summary>Profiles one column of a batch, or one slot of a vector, batch after batch. Not thread-safe.</summary>
internal interface IColumnCollector
{
    /// <summary>Adds the column's rows as they are now.</summary>
    /// <param name="skipped">For each row of the batch, whether it is left out.</param>
    void Add(ReadOnlySpan<bool> skipped);

    /// <summary>Has all that was added in the column's profile, and starts anew.</summary>
    void Flush();
}

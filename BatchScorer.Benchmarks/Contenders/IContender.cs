namespace BatchScorer.Benchmarks.Contenders;

/// <summary>A way to score the table, or to do a part of that.</summary>
internal interface IContender
{
    /// <summary>Makes an empty table to write to, and whatever else is not to be measured.</summary>
    Task PrepareAsync(CancellationToken cancellationToken);

    /// <summary>Does what is measured.</summary>
    /// <returns>The rows it has written.</returns>
    Task<long> RunAsync(CancellationToken cancellationToken);

    /// <summary>Removes what it has written.</summary>
    Task CleanAsync(CancellationToken cancellationToken);
}

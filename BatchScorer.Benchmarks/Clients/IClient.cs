using BatchScorer.Benchmarks.Metering;

namespace BatchScorer.Benchmarks.Clients;

/// <summary>A way to score the table, in processes of its own. Disposing ends them.</summary>
internal interface IClient : IDisposable
{
    string Name { get; }

    /// <summary>Scores the whole table once, and says what that took; what has to be there before and what is left behind is not measured.</summary>
    Task<Cost> MeasureAsync(CancellationToken cancellationToken);
}

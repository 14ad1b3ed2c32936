using BatchScorer.Benchmarks.Clients;
using BatchScorer.Benchmarks.Metering;

namespace BatchScorer.Benchmarks.Nodes;

/// <summary>Nodes that share a run; each time they are new ones.</summary>
internal sealed class NodesClient(string name, SharedRun run) : IClient
{
    public string Name => name;

    public async Task<Cost> MeasureAsync(CancellationToken cancellationToken) => (await run.MeasureAsync(cancellationToken)).Cost;

    public void Dispose()
    {
    }
}

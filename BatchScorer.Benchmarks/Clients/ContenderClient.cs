using System.Text.Json;
using BatchScorer.Benchmarks.Contenders;
using BatchScorer.Benchmarks.Metering;

namespace BatchScorer.Benchmarks.Clients;

/// <summary>A contender in a process of this program.</summary>
internal sealed class ContenderClient(string name, ContenderOrder order, ArenaPlace place) : IClient
{
    private readonly ClientProcess process = new(name, "dotnet", ["exec", typeof(ContenderClient).Assembly.Location, ContendCommand.Name]);
    private bool hasOrder;

    public string Name => name;

    public async Task<Cost> MeasureAsync(CancellationToken cancellationToken)
    {
        if (!hasOrder)
        {
            await process.TellAsync(JsonSerializer.Serialize(order), cancellationToken);
            await process.TellAsync(JsonSerializer.Serialize(place), cancellationToken);
            hasOrder = true;
        }

        await process.TellAsync("again", cancellationToken);
        return JsonSerializer.Deserialize<Cost>(await process.HearAsync(cancellationToken))!;
    }

    public void Dispose() => process.Dispose();
}

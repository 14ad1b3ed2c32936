using BatchScorer.Benchmarks.Metering;

namespace BatchScorer.Benchmarks.Clients;

/// <summary>Has clients score the table in turns, so that whatever disturbs the machine for a while disturbs all of them.</summary>
internal static class Turns
{
    /// <param name="clients">Who.</param>
    /// <param name="rows">How many rows each has to write.</param>
    /// <param name="rounds">How often. One more comes before and is not counted, to have everything compiled and cached.</param>
    /// <param name="report">Receives a line a turn.</param>
    /// <exception cref="InvalidOperationException">A client wrote another number of rows.</exception>
    public static async Task<IReadOnlyList<Measured>> TakeAsync(
        IReadOnlyList<IClient> clients, int rows, int rounds, TextWriter report, CancellationToken cancellationToken)
    {
        var costs = clients.Select(_ => new List<Cost>()).ToList();
        var width = clients.Max(client => client.Name.Length);
        for (var round = 0; round <= rounds; round++)
        {
            foreach (var (client, list) in clients.Zip(costs))
            {
                var cost = await client.MeasureAsync(cancellationToken);
                if (cost.Rows != rows)
                    throw new InvalidOperationException($"{client.Name} wrote {cost.Rows} rows of {rows}.");
                if (round == 0)
                    continue;
                list.Add(cost);
                await report.WriteLineAsync($"{round}  {client.Name.PadRight(width)} {cost}");
            }
        }

        return [.. clients.Zip(costs, (client, list) => new Measured(client.Name, list))];
    }
}

namespace BatchScorer.Benchmarks.Clients;

/// <summary>Clients that are disposed of together.</summary>
internal sealed class ClientList : List<IClient>, IDisposable
{
    public void Dispose() => ForEach(client => client.Dispose());
}

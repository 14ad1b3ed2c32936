using System.Collections.Concurrent;
using BatchScorer.Postgres;

namespace BatchScorer.Benchmarks.Contenders;

/// <summary>What all contenders have in common: a database with the table, and how many workers each may have.</summary>
internal sealed class Arena(Database database, int rows, int partitions)
{
    /// <summary>Rows that are read, scored and committed as one, by everybody: as many as in a job's chunks by default.</summary>
    private static readonly int ChunkRows = new Jobs.JobWork().ChunkRows;

    public Database Database { get; } = database;

    public int Partitions { get; } = partitions;

    /// <summary>The first key of each chunk, and the one behind its last; keys count from 1.</summary>
    public IEnumerable<(int Start, int End)> Chunks =>
        Enumerable.Range(0, (rows + ChunkRows - 1) / ChunkRows).Select(chunk => (1 + chunk * ChunkRows, Math.Min(rows, (chunk + 1) * ChunkRows) + 1));

    /// <summary>Has the workers take chunks until there is none left.</summary>
    /// <param name="work">A worker; it is given its chunks.</param>
    /// <returns>What the workers have counted, in all.</returns>
    public async Task<long> ShareAsync(Func<IEnumerable<(int Start, int End)>, Task<long>> work)
    {
        var chunks = new ConcurrentQueue<(int Start, int End)>(Chunks);
        var counts = await Task.WhenAll(Enumerable.Range(0, Partitions).Select(_ => Task.Run(() => work(Taken()))));
        return counts.Sum();

        IEnumerable<(int Start, int End)> Taken()
        {
            while (chunks.TryDequeue(out var chunk))
                yield return chunk;
        }
    }
}

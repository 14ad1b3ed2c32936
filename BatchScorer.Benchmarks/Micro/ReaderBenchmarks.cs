using BatchScorer.Batches;
using BatchScorer.Sources;
using BenchmarkDotNet.Attributes;

namespace BatchScorer.Benchmarks.Micro;

/// <summary>A row of a chunk, from the server into columns.</summary>
[MemoryDiagnoser]
public class ReaderBenchmarks
{
    private readonly List<RejectedRow> rejected = [];
    private ChunkOnServer chunk = null!;
    private SourceBatch batch = null!;
    private IReadOnlyList<FieldDecoder> decoders = null!;

    // BenchmarkDotNet does not wait for what comes before and after when it runs in this process.
    [GlobalSetup]
    public void SetUp()
    {
        chunk = ChunkOnServer.CreateAsync().GetAwaiter().GetResult();
        batch = new SourceBatch(chunk.Source, ChunkOnServer.BatchRows);
        decoders = FieldDecoder.Bind(chunk.Source, batch);
    }

    [GlobalCleanup]
    public void CleanUp() => chunk.DisposeAsync().AsTask().GetAwaiter().GetResult();

    [Benchmark(OperationsPerInvoke = ChunkOnServer.Rows)]
    public async Task<int> Read()
    {
        await using var reader = await chunk.OpenAsync();
        var rows = 0;
        bool more;
        do
        {
            more = await reader.ReadAsync(new DecodedRows(batch, decoders, rejected), beside: null, CancellationToken.None);
            rows += batch.RowCount;
        }
        while (more);

        return rows;
    }
}

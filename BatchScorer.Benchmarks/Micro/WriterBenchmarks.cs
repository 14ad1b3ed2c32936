using BatchScorer.Predictions;
using BenchmarkDotNet.Attributes;
using Dapper;

namespace BatchScorer.Benchmarks.Micro;

/// <summary>A prediction of a chunk, from columns into bytes, and on into the job's table.</summary>
[MemoryDiagnoser]
public class WriterBenchmarks
{
    private readonly bool[] skipped = new bool[ChunkOnServer.BatchRows];
    private readonly CopyBuffer buffer = new();
    private readonly PredictionOrigin origin = new(RunId: 1, ChunkNo: 0, DateOnly.FromDateTime(DateTime.UtcNow));
    private ChunkOnServer chunk = null!;
    private List<(PredictionEncoder Encoder, int Rows)> scored = null!;

    // BenchmarkDotNet does not wait for what comes before and after when it runs in this process.
    [GlobalSetup]
    public void SetUp()
    {
        chunk = ChunkOnServer.CreateAsync().GetAwaiter().GetResult();
        scored = [];
        foreach (var batch in chunk.ReadAllAsync().GetAwaiter().GetResult())
        {
            var outputs = chunk.Model.Schema.CreateOutputs(ChunkOnServer.BatchRows);
            chunk.Model.Score(batch.Inputs, outputs, []);
            scored.Add((new PredictionEncoder(chunk.Predictions, batch.PassThrough, outputs), batch.RowCount));
        }
    }

    [IterationSetup(Target = nameof(EncodeAndCopy))]
    public void Empty()
    {
        using var connection = chunk.Database.Database.Writers.OpenConnection();
        connection.Execute($"TRUNCATE {chunk.Predictions.Table}");
    }

    [GlobalCleanup]
    public void CleanUp() => chunk.DisposeAsync().AsTask().GetAwaiter().GetResult();

    [Benchmark(OperationsPerInvoke = ChunkOnServer.Rows)]
    public int Encode()
    {
        buffer.Clear();
        foreach (var (encoder, rows) in scored)
            encoder.Encode(rows, skipped, origin, buffer);
        return buffer.Length;
    }

    [Benchmark(OperationsPerInvoke = ChunkOnServer.Rows)]
    public async Task EncodeAndCopy()
    {
        Encode();
        await using var connection = await chunk.Database.Database.Writers.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await PredictionWriter.WriteAsync(connection, chunk.Predictions, buffer, CancellationToken.None);
        await transaction.CommitAsync();
    }
}

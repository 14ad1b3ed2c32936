using BatchScorer.Postgres;
using BatchScorer.Predictions;
using Dapper;
using Npgsql;

namespace BatchScorer.Benchmarks.Comparison;

/// <summary>
/// The limit: the rows out by binary COPY and thrown away, and the bytes of their predictions in by binary COPY, chunk by chunk, each in a
/// transaction. Nothing is decoded, scored, encoded or written down about it.
/// </summary>
/// <param name="arena">Where.</param>
/// <param name="job">A job of which only the tables are used.</param>
/// <param name="keyed">Whether to write to the job's predictions table; otherwise to one like it without partitions and keys.</param>
internal sealed class FloorContender(Arena arena, JobContender job, bool keyed) : IContender
{
    private const string Heap = "heap_predictions";

    private readonly SortedDictionary<int, byte[]> predictions = [];

    public string Name => keyed ? "floor" : "floor, heap";

    private string Table => keyed ? job.Layout.Table : Heap;

    /// <summary>Keeps the bytes of another job's predictions.</summary>
    /// <param name="layout">That job's table.</param>
    public async Task LearnAsync(PredictionLayout layout, CancellationToken cancellationToken)
    {
        await using var connection = await arena.Database.Writers.OpenConnectionAsync(cancellationToken);
        foreach (var (start, end) in arena.Chunks)
        {
            await using var copy = await connection.BeginRawBinaryCopyAsync(
                $"COPY (SELECT {Columns(layout)} FROM {layout.Table} WHERE id >= {start} AND id < {end} ORDER BY id) TO STDOUT (FORMAT BINARY)", cancellationToken);
            using var bytes = new MemoryStream();
            await copy.CopyToAsync(bytes, cancellationToken);
            predictions[start] = bytes.ToArray();
        }
    }

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await job.PrepareForTodayAsync(cancellationToken);
        if (keyed)
            return;
        await using var connection = await arena.Database.Writers.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition($"CREATE TABLE {Heap} (LIKE {job.Layout.Table})", cancellationToken: cancellationToken));
    }

    public Task<long> RunAsync(CancellationToken cancellationToken) => arena.ShareAsync(async chunks =>
    {
        await using var reader = await arena.Database.Readers.OpenConnectionAsync(cancellationToken);
        await using var writer = await arena.Database.Writers.OpenConnectionAsync(cancellationToken);
        var buffer = new byte[128 * 1024];
        var rows = 0L;
        foreach (var (start, end) in chunks)
        {
            await DrainAsync(reader, start, end, buffer, cancellationToken);
            await WriteAsync(writer, predictions[start], cancellationToken);
            rows += end - start;
        }

        return rows;
    });

    public async Task CleanAsync(CancellationToken cancellationToken)
    {
        await job.CleanAsync(cancellationToken);
        await using var connection = await arena.Database.Writers.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition($"DROP TABLE IF EXISTS {Heap}", cancellationToken: cancellationToken));
    }

    private static async Task DrainAsync(NpgsqlConnection connection, int start, int end, byte[] buffer, CancellationToken cancellationToken)
    {
        await using var copy = await connection.BeginRawBinaryCopyAsync(
            $"COPY (SELECT * FROM synthetic WHERE id >= {start} AND id < {end} ORDER BY id) TO STDOUT (FORMAT BINARY)", cancellationToken);
        while (await copy.ReadAsync(buffer, cancellationToken) > 0)
        {
        }
    }

    private async Task WriteAsync(NpgsqlConnection connection, byte[] bytes, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var copy = await connection.BeginRawBinaryCopyAsync($"COPY {Table} ({Columns(job.Layout)}) FROM STDIN (FORMAT BINARY)", cancellationToken))
            await copy.WriteAsync(bytes, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static string Columns(PredictionLayout layout) => string.Join(", ", layout.CopyColumns.Select(SqlIdentifier.Quote));
}

using BatchScorer.Postgres;
using Dapper;
using Npgsql;

namespace BatchScorer.Benchmarks.Contenders;

/// <summary>
/// The limit: the rows out by binary COPY and thrown away, and the bytes of their predictions in by binary COPY, chunk by chunk, each in a
/// transaction. Nothing is decoded, scored, encoded or written down about it.
/// </summary>
/// <param name="arena">Where.</param>
/// <param name="job">The job whose columns it reads and whose predictions it writes.</param>
/// <param name="keyed">Whether to write to the job's predictions table; otherwise to one like it without partitions and keys.</param>
internal sealed class FloorContender(Arena arena, JobContender job, bool keyed) : IContender
{
    private const string Heap = "heap_predictions";

    private readonly Dictionary<int, byte[]> predictions = [];

    private string Columns => Listed(job.Predictions.CopyColumns);

    private string Table => keyed ? job.Predictions.Table : Heap;

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (predictions.Count == 0)
            await LearnAsync(cancellationToken);
        await job.PrepareForTodayAsync(cancellationToken);
        if (keyed)
            return;
        await using var connection = await arena.Database.Writers.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition($"CREATE TABLE {Heap} (LIKE {job.Predictions.Table})", cancellationToken: cancellationToken));
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

    // What a run of the job writes, kept as it comes back.
    private async Task LearnAsync(CancellationToken cancellationToken)
    {
        await job.PrepareAsync(cancellationToken);
        await job.RunAsync(cancellationToken);
        await using var connection = await arena.Database.Writers.OpenConnectionAsync(cancellationToken);
        foreach (var (start, end) in arena.Chunks)
        {
            await using var copy = await connection.BeginRawBinaryCopyAsync(Out(Columns, job.Predictions.Table, start, end), cancellationToken);
            using var bytes = new MemoryStream();
            await copy.CopyToAsync(bytes, cancellationToken);
            predictions[start] = bytes.ToArray();
        }

        await job.CleanAsync(cancellationToken);
    }

    private async Task DrainAsync(NpgsqlConnection connection, int start, int end, byte[] buffer, CancellationToken cancellationToken)
    {
        var columns = Listed(job.Source.Columns.Select(column => column.Name));
        await using var copy = await connection.BeginRawBinaryCopyAsync(Out(columns, job.Source.Relation, start, end), cancellationToken);
        // Npgsql allocates for each row that is read asynchronously, and nothing here is to cost more than it has to.
        while (copy.Read(buffer) > 0)
            cancellationToken.ThrowIfCancellationRequested();
    }

    private async Task WriteAsync(NpgsqlConnection connection, byte[] bytes, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var copy = await connection.BeginRawBinaryCopyAsync($"COPY {Table} ({Columns}) FROM STDIN (FORMAT BINARY)", cancellationToken))
            await copy.WriteAsync(bytes, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static string Out(string columns, string table, int start, int end) =>
        $"COPY (SELECT {columns} FROM {table} WHERE id >= {start} AND id < {end} ORDER BY id) TO STDOUT (FORMAT BINARY)";

    private static string Listed(IEnumerable<string> columns) => string.Join(", ", columns.Select(SqlIdentifier.Quote));
}

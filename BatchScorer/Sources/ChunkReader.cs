using System.Buffers.Binary;
using System.Data;
using BatchScorer.Batches;
using BatchScorer.Postgres;
using Npgsql;

namespace BatchScorer.Sources;

/// <summary>
/// Reads a chunk's rows, forward only, straight from the wire into columns. It holds one snapshot of a read-only transaction
/// on a connection of its own from <see cref="OpenAsync"/> until it is disposed.
/// </summary>
internal sealed class ChunkReader : IAsyncDisposable
{
    // Long texts fill a batch before its rows do, so that memory stays bounded whatever the rows hold.
    private const int MaxBatchBytes = 16 * 1024 * 1024;

    private readonly SourceLayout layout;
    private readonly NpgsqlConnection connection;
    private readonly NpgsqlTransaction transaction;
    private readonly NpgsqlRawCopyStream copy;
    private readonly ReadAhead ahead;
    private readonly CopyStream rows;

    private ChunkReader(SourceLayout layout, NpgsqlConnection connection, NpgsqlTransaction transaction, NpgsqlRawCopyStream copy)
    {
        this.layout = layout;
        this.connection = connection;
        this.transaction = transaction;
        this.copy = copy;
        ahead = new ReadAhead(copy);
        rows = new CopyStream(ahead.Bytes, layout.Columns.Count);
    }

    /// <summary>Begins to read.</summary>
    /// <param name="source">Where.</param>
    /// <param name="layout">What.</param>
    /// <param name="keys">Which keys.</param>
    /// <param name="window">Which cursor values.</param>
    /// <param name="timeLimit">After which the server gives up a statement, or a reader that sends none.</param>
    public static Task<ChunkReader> OpenAsync(
        NpgsqlDataSource source, SourceLayout layout, KeyRange keys, CursorRange window, TimeSpan timeLimit, CancellationToken cancellationToken) =>
        BeginAsync(source, layout, keys, window, new SourceQuery(layout).CopyChunk(keys, window), timeLimit, cancellationToken);

    /// <summary>Begins to read some rows of a window, whichever the server finds first.</summary>
    /// <param name="source">Where.</param>
    /// <param name="layout">What.</param>
    /// <param name="window">Which cursor values.</param>
    /// <param name="mostRows">How many at most.</param>
    /// <param name="timeLimit">After which the server gives up a statement, or a reader that sends none.</param>
    public static Task<ChunkReader> OpenSampleAsync(
        NpgsqlDataSource source, SourceLayout layout, CursorRange window, int mostRows, TimeSpan timeLimit, CancellationToken cancellationToken) =>
        BeginAsync(source, layout, KeyRange.All, window, new SourceQuery(layout).CopySample(window, mostRows), timeLimit, cancellationToken);

    private static async Task<ChunkReader> BeginAsync(
        NpgsqlDataSource source, SourceLayout layout, KeyRange keys, CursorRange window, string query, TimeSpan timeLimit, CancellationToken cancellationToken)
    {
        var connection = await source.OpenConnectionAsync(cancellationToken);
        try
        {
            var transaction = await ReadOnlyTransaction.BeginAsync(connection, cancellationToken);
            await TransactionTime.LimitAsync(connection, timeLimit, cancellationToken);
            await SourceSettings.ApplyAsync(connection, keys, window, cancellationToken);
            var copy = await connection.BeginRawBinaryCopyAsync(query, cancellationToken);
            return new ChunkReader(layout, connection, transaction, copy);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Fills a batch with the rows that come next.</summary>
    /// <param name="target">The batch, made for this layout; what it held is forgotten.</param>
    /// <param name="beside">Another batch, filled with the same rows but for those that either of the two rejects alone; null for none.</param>
    /// <returns>False when the chunk has no more rows: the batch may still hold some.</returns>
    public async ValueTask<bool> ReadAsync(DecodedRows target, DecodedRows? beside, CancellationToken cancellationToken)
    {
        target.Batch.Truncate(0);
        beside?.Batch.Truncate(0);
        var bytes = 0;
        while (target.HasRoom && bytes < MaxBatchBytes && beside is null or { HasRoom: true })
        {
            if (!await NextAsync(cancellationToken))
                return false;
            bytes += Decode(rows.TakeRow(), target, beside);
        }

        return true;
    }

    private async ValueTask<bool> NextAsync(CancellationToken cancellationToken)
    {
        if (await rows.NextAsync(cancellationToken))
            return true;

        // The connection takes other statements again once the COPY has been read to its end.
        await ahead.DisposeAsync();
        await copy.DisposeAsync();
        return false;
    }

    /// <summary>The rows with these keys as JSON, from the same snapshot. To be called once the chunk has been read to its end.</summary>
    public IAsyncEnumerable<SourceRowJson> ReadJsonAsync(IReadOnlyList<RejectedRow> wanted, CancellationToken cancellationToken) =>
        SourceRowJson.ReadAsync(connection, layout, wanted, cancellationToken);

    /// <summary>Asks something else of the same snapshot. To be called once the chunk has been read to its end.</summary>
    public Task<T> AskAsync<T>(Func<NpgsqlConnection, Task<T>> question) => question(connection);

    public async ValueTask DisposeAsync()
    {
        await ahead.DisposeAsync();
        // A thread that is left behind closes the connection when it comes back.
        var closing = CloseAsync();
        if (ahead.Ended.IsCompleted)
            await closing;
    }

    private async Task CloseAsync()
    {
        await ahead.Ended;
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }

    private int Decode(ReadOnlySpan<byte> row, DecodedRows target, DecodedRows? beside)
    {
        Decode(row, target);
        if (beside is { } other)
            Decode(row, other);
        return row.Length;
    }

    private void Decode(ReadOnlySpan<byte> row, DecodedRows target)
    {
        var (batch, decoders, rejected) = (target.Batch, target.Decoders, target.Rejected);
        var index = batch.RowCount;
        (SourceColumn Column, string Reason)? fault = null;
        var rest = row;
        // Whoever reads fewer columns than there are decoders for leaves out the last ones.
        var fields = layout.Columns.Count;
        for (var field = 0; field < fields; field++)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(rest);
            rest = rest[4..];
            var reason = length < 0 ? decoders[field].DecodeNull(index) : decoders[field].Decode(rest[..length], index);
            if (reason is not null)
                fault ??= (layout.Columns[field], reason);
            rest = rest[Math.Max(0, length)..];
        }

        if (fault is { } found)
        {
            rejected.Add(new RejectedRow(KeyOf(batch, index), found.Column.Name, found.Reason));
            batch.Truncate(index);
        }
        else
        {
            batch.Inputs.RowCount = index + 1;
        }
    }

    /// <summary>A row's key as texts.</summary>
    public IReadOnlyList<string> KeyOf(SourceBatch batch, int row) =>
        [.. layout.Key.Select((column, i) => KeyText.Read(column.Family, batch.PassThrough[i][row]))];
}

using System.Data;
using BatchScorer.Errors;
using BatchScorer.Sources;
using Npgsql;

namespace BatchScorer.Exchange.Export;

/// <summary>Which predictions to export, and how.</summary>
internal sealed record ExportRequest(string Job)
{
    /// <summary>An instant whose state is exported; null for now.</summary>
    public DateTimeOffset? AsOf { get; init; }

    /// <summary>An SQL condition on the columns; null for all rows.</summary>
    public string? Where { get; init; }

    /// <summary>Whether texts that a spreadsheet would run as formulas stay as they are.</summary>
    public bool Raw { get; init; }
}

/// <summary>Writes the predictions that readers see as CSV, from one snapshot and in constant memory.</summary>
internal static class PredictionExport
{
    private const int PieceBytes = 64 * 1024;

    /// <summary>Exports.</summary>
    /// <param name="readers">Connections that only read.</param>
    /// <param name="request">What.</param>
    /// <param name="target">Where to; UTF-8 is written, without a byte-order mark.</param>
    /// <param name="progress">Told after each piece.</param>
    /// <returns>How many rows.</returns>
    /// <exception cref="BatchScorerException">There is no such job, or the condition is none.</exception>
    public static async Task<long> WriteAsync(
        NpgsqlDataSource readers, ExportRequest request, Stream target, IProgress<TransferProgress> progress, CancellationToken cancellationToken)
    {
        await using var connection = await readers.OpenConnectionAsync(cancellationToken);
        await using var transaction = await ReadOnlyTransaction.BeginAsync(connection, cancellationToken);
        var source = await PublishedPredictions.DescribeAsync(connection, request.Job, request.AsOf, cancellationToken);
        if (request.Where is { } condition)
            await CheckAsync(connection, source, condition, cancellationToken);

        return await CopyAsync(connection, ExportQuery.For(source, request.Where, request.Raw), target, progress, cancellationToken);
    }

    private static async Task<long> CopyAsync(
        NpgsqlConnection connection, string query, Stream target, IProgress<TransferProgress> progress, CancellationToken cancellationToken)
    {
        // Text comes in the encoding of the database unless told otherwise.
        var reader = (NpgsqlCopyTextReader)await connection.BeginTextExportAsync($"COPY ({query}) TO STDOUT (FORMAT CSV, HEADER, ENCODING 'UTF8')", cancellationToken);
        var ends = new RecordEnds();
        var piece = new byte[PieceBytes];
        try
        {
            for (int read; (read = await reader.BaseStream.ReadAsync(piece, cancellationToken)) > 0;)
            {
                await target.WriteAsync(ends.Convert(piece.AsSpan(0, read)), cancellationToken);
                progress.Report(new TransferProgress(Math.Max(0, ends.Records - 1), null));
            }
        }
        catch (Exception fault) when (fault is not NpgsqlException && connection.State is ConnectionState.Open)
        {
            // Without a word to the server all the rest would be read first.
            await reader.CancelAsync();
            throw;
        }

        reader.Dispose();
        return ends.Records - 1;
    }

    private static async Task CheckAsync(NpgsqlConnection connection, SourceDescription source, string condition, CancellationToken cancellationToken)
    {
        if (await SourceFilter.FindFaultAsync(connection, source, condition, cancellationToken) is { } fault)
        {
            throw new BatchScorerException(ExitCode.Usage,
                $"--where is \"{condition}\": {fault.TrimEnd('.')}. The columns are {string.Join(", ", source.Columns.Select(column => column.Name))}.");
        }
    }
}

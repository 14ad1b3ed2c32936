using System.Globalization;
using System.Text.RegularExpressions;
using BatchScorer.Errors;
using BatchScorer.Exchange.Csv;
using BatchScorer.Postgres;
using Npgsql;

namespace BatchScorer.Exchange.Import;

/// <summary>Copies the rows of a file into a table, each value checked against its column, all of them or none.</summary>
internal static partial class TableImport
{
    /// <summary>How many rows go by from one report of progress to the next.</summary>
    public const int RowsAReport = 1024;

    private const int PieceBytes = 64 * 1024;

    private const string Outcome = "Nothing is imported.";

    /// <summary>Imports.</summary>
    /// <param name="connection">With a transaction of the caller's, which is to be rolled back on a fault.</param>
    /// <param name="input">The file, from its first row on.</param>
    /// <param name="table">The table.</param>
    /// <param name="columns">Its column for each of the file's.</param>
    /// <param name="progress">Told now and then.</param>
    /// <returns>How many rows.</returns>
    /// <exception cref="BatchScorerException">Values do not fit their columns: up to <see cref="CsvFaults.MostTold"/> of them are told.</exception>
    public static async Task<long> CopyAsync(
        NpgsqlConnection connection, CsvInput input, QualifiedName table, IReadOnlyList<TargetColumn> columns, IProgress<TransferProgress> progress, CancellationToken cancellationToken)
    {
        var faults = new CsvFaults(input);
        var lines = new RecordLines();
        try
        {
            var copy = (NpgsqlCopyTextWriter)await connection.BeginTextImportAsync(
                $"COPY {table} ({SqlIdentifier.QuoteList(columns.Select(column => column.Name))}) FROM STDIN (ENCODING 'UTF8')", cancellationToken);
            try
            {
                var rows = await SendAsync(copy.BaseStream, input, columns, faults, lines, progress, cancellationToken);
                faults.ThrowIfAny(Outcome);
                await copy.DisposeAsync();
                return rows;
            }
            catch (Exception fault) when (fault is not NpgsqlException)
            {
                await copy.CancelAsync();
                throw;
            }
        }
        catch (PostgresException refused) when (!ConnectionLoss.Is(refused))
        {
            throw Refused(input, lines, refused);
        }
    }

    private static async Task<long> SendAsync(
        Stream copy, CsvInput input, IReadOnlyList<TargetColumn> columns, CsvFaults faults, RecordLines lines, IProgress<TransferProgress> progress, CancellationToken cancellationToken)
    {
        var text = new CopyText();
        long rows = 0;
        while (await NextAsync(input, faults, cancellationToken))
        {
            lines.Add(++rows, input.Line);
            for (var i = 0; i < columns.Count; i++)
                Append(input, i, columns[i], text, faults);
            text.EndRow();

            // Once there is a fault the rest is only checked.
            if (text.Length >= PieceBytes && faults.IsEmpty)
                await copy.WriteAsync(text.Bytes, cancellationToken);
            if (text.Length >= PieceBytes)
                text.Clear();
            if (rows % RowsAReport == 0)
                progress.Report(new TransferProgress(rows, input.Share));
        }

        if (faults.IsEmpty)
            await copy.WriteAsync(text.Bytes, cancellationToken);
        return rows;
    }

    private static async ValueTask<bool> NextAsync(CsvInput input, CsvFaults faults, CancellationToken cancellationToken)
    {
        try
        {
            return await input.ReadAsync(cancellationToken);
        }
        catch (BatchScorerException malformed)
        {
            // The faults before it are told too.
            faults.Add(malformed);
            return false;
        }
    }

    private static void Append(CsvInput input, int field, TargetColumn column, CopyText text, CsvFaults faults)
    {
        // As in COPY's own CSV, a field that is empty is null, and one of two quotes is an empty text.
        if (input.IsMissing(field))
        {
            text.AppendNull();
            if (column.IsRequired)
                faults.Add(input.Line, input.Header[field], "there is no value, and the column may not be null");
            return;
        }

        if (FieldCheck.FindFault(column, input[field]) is { } fault)
            faults.Add(input.Line, input.Header[field], fault);
        text.Append(input[field]);
    }

    private static BatchScorerException Refused(CsvInput input, RecordLines lines, PostgresException refused)
    {
        var place = CopyPlace().Match(refused.Where ?? "");
        var line = place.Success ? lines.LineOf(long.Parse(place.Groups["row"].Value, CultureInfo.InvariantCulture)) : 0;
        var column = place.Groups["column"] is { Success: true } named ? named.Value : null;
        return new BatchScorerException(ExitCode.BadConfiguration, $"{input.At(line, column, $"the database refuses it: {refused.MessageText}")}\n{Outcome}", refused);
    }

    // "COPY customers, line 17, column seats: …", in the server's language.
    [GeneratedRegex(@"^COPY .+?, \p{L}+ (?<row>\d+)(, \p{L}+ (?<column>[^:\n]+))?", RegexOptions.Multiline)]
    private static partial Regex CopyPlace();
}

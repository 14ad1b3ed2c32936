using BatchScorer.Errors;
using BatchScorer.Exchange.Csv;
using BatchScorer.Jobs;
using BatchScorer.Models;
using BatchScorer.Predictions;
using BatchScorer.Profiles;
using BatchScorer.Registry.References;
using BatchScorer.Runs;
using BatchScorer.Runs.Watching;
using BatchScorer.Sources;
using Npgsql;

namespace BatchScorer.Exchange.Scoring;

/// <summary>Profiles rows as inputs of a model, and what the model answers to them: the reference that runs are compared with.</summary>
/// <param name="model">The model.</param>
/// <param name="named">The column for an input, where that is not to be found by its name.</param>
internal sealed class ReferenceProfiler(IModel model, IReadOnlyDictionary<string, string> named)
{
    private const string QueryName = "--reference-query";

    /// <summary>Profiles the rows of a CSV file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="progress">Told after each block.</param>
    /// <exception cref="BatchScorerException">The file does not fit the model, or none of its rows can be scored.</exception>
    public async Task<ReferenceData> ProfileFileAsync(string path, IProgress<TransferProgress> progress, CancellationToken cancellationToken)
    {
        using var input = await CsvInput.OpenAsync(path, () => Stream.Null, cancellationToken);
        return await ProfileAsync(input, progress, cancellationToken);
    }

    /// <summary>Profiles the rows that a query answers.</summary>
    /// <param name="readers">Connections that only read.</param>
    /// <param name="query">A SELECT.</param>
    /// <param name="progress">Told after each block.</param>
    /// <exception cref="BatchScorerException">The query cannot be read, does not fit the model, or none of its rows can be scored.</exception>
    public async Task<ReferenceData> ProfileQueryAsync(NpgsqlDataSource readers, string query, IProgress<TransferProgress> progress, CancellationToken cancellationToken)
    {
        await using var connection = await readers.OpenConnectionAsync(cancellationToken);
        await using var transaction = await ReadOnlyTransaction.BeginAsync(connection, cancellationToken);
        var source = await SourceCatalog.DescribeQueryAsync(connection, QueryName, query.TrimEnd().TrimEnd(';'), place: "it", cancellationToken);
        try
        {
            // Whatever can be read from a file can be read from the server in the same words.
            using var rows = (NpgsqlCopyTextReader)await connection.BeginTextExportAsync(
                $"COPY (SELECT * FROM {source.Relation}) TO STDOUT (FORMAT CSV, HEADER, ENCODING 'UTF8')", cancellationToken);
            return await ProfileAsync(rows, progress, cancellationToken);
        }
        catch (PostgresException fault)
        {
            throw new BatchScorerException(ExitCode.BadConfiguration, $"{QueryName} cannot be read: {fault.MessageText} ({fault.SqlState}). Correct the query, or what it reads.", fault);
        }
    }

    private async Task<ReferenceData> ProfileAsync(NpgsqlCopyTextReader rows, IProgress<TransferProgress> progress, CancellationToken cancellationToken)
    {
        try
        {
            using var input = await CsvInput.ReadAsync(QueryName, rows.BaseStream, cancellationToken);
            return await ProfileAsync(input, progress, cancellationToken);
        }
        catch (Exception fault) when (fault is not NpgsqlException)
        {
            // Without a word to the server all the rest would be read first.
            await rows.CancelAsync();
            throw;
        }
    }

    private async Task<ReferenceData> ProfileAsync(CsvInput input, IProgress<TransferProgress> progress, CancellationToken cancellationToken)
    {
        var layout = FileLayout.Bind(input, model.Schema, named, [.. model.Schema.Outputs.Select(output => ColumnNames.SnakeCase(output.Name))]);
        var block = new FileBlock(input, model.Schema, layout);
        var outputs = model.Schema.CreateOutputs(block.Inputs.Capacity);
        var check = new ScoreCheck(new PredictionLayout("file", [], null, [], layout.Outputs), outputs);
        var profiles = new ProfileCollector(RunColumns.Of(block.Inputs, outputs, layout.Outputs));
        var faults = new List<RowFault>();
        RejectedLine? rejected = null;
        var (read, scored) = (0L, 0L);
        for (var more = true; more;)
        {
            more = await block.FillAsync(input, cancellationToken);
            faults.Clear();
            if (block.Inputs.RowCount > 0)
                model.Score(block.Inputs, outputs, faults);
            check.FindNaN(block.Inputs.RowCount, faults);
            block.Reject(faults);
            var skipped = new bool[block.Inputs.RowCount];
            foreach (var fault in faults)
                skipped[fault.Row] = true;
            profiles.Add(skipped);
            read += block.Count;
            scored += skipped.Count(row => !row);
            rejected ??= Enumerable.Range(0, block.Count).Select(block.RejectionOf).FirstOrDefault(row => row is not null);
            progress.Report(new TransferProgress(read, input.Share));
        }

        if (scored > 0)
            return new ReferenceData(profiles.Take(), scored, read - scored);
        throw new BatchScorerException(ExitCode.BadConfiguration, rejected is null
            ? input.At(0, null, "there are no rows; expected those that the model was made with")
            : input.At(rejected.Line, rejected.Column, $"{rejected.Reason}; none of the {read:N0} rows can be scored"));
    }
}

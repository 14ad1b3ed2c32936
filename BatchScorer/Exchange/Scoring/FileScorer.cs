using BatchScorer.Batches;
using BatchScorer.Exchange.Csv;
using BatchScorer.Models;
using BatchScorer.Predictions;
using BatchScorer.Runs;
using CsvHelper;

namespace BatchScorer.Exchange.Scoring;

/// <summary>What became of a file's rows.</summary>
/// <param name="RowsRead">Rows of the file.</param>
/// <param name="RowsScored">Rows written.</param>
/// <param name="RowsRejected">Rows that could not be scored.</param>
/// <param name="FirstRejected">The first of them.</param>
/// <param name="OverLimit">Why that was too many; null when it was not.</param>
internal sealed record FileScore(long RowsRead, long RowsScored, long RowsRejected, IReadOnlyList<RejectedLine> FirstRejected, string? OverLimit);

/// <summary>Scores a file with a model, block by block, in the file's order and in buffers that are reused. No database is asked.</summary>
internal sealed class FileScorer
{
    private readonly CsvInput input;
    private readonly IModel model;
    private readonly FileLayout layout;
    private readonly FileBlock block;
    private readonly Batch outputs;
    private readonly OutputField?[] fields;
    private readonly ScoreCheck check;
    private readonly List<RowFault> faults = [];

    public FileScorer(CsvInput input, IModel model, FileLayout layout)
    {
        this.input = input;
        this.model = model;
        this.layout = layout;
        block = new FileBlock(input, model.Schema, layout);
        outputs = model.Schema.CreateOutputs(block.Inputs.Capacity);
        fields = [.. layout.Written.Select(column => column.Output < 0 ? null : OutputField.For(outputs.Columns[column.Output]))];
        check = new ScoreCheck(new PredictionLayout("file", [], null, [], layout.Outputs), outputs);
    }

    /// <summary>How results are written: as RFC 4180 has it.</summary>
    public static CsvWriterOptions Format { get; } = new() { TrueValue = "true", FalseValue = "false" };

    /// <summary>Scores all of the file, or as much until too many rows are rejected.</summary>
    /// <param name="scored">Where scored rows are written, with a header.</param>
    /// <param name="rejected">Where rejected rows are written, or null.</param>
    /// <param name="limits">How many rows may be rejected.</param>
    /// <param name="progress">Told after each block.</param>
    public async Task<FileScore> ScoreAsync(
        CsvWriter scored, CsvWriter? rejected, RejectionLimits limits, IProgress<TransferProgress> progress, CancellationToken cancellationToken)
    {
        var rejections = new RejectedFile(input.Header, rejected);
        scored.WriteHeader([.. layout.Written.Select(column => column.Name)]);
        long rowsRead = 0;
        string? overLimit = null;
        for (var more = true; more && overLimit is null;)
        {
            more = await block.FillAsync(input, cancellationToken);
            rowsRead += block.Count;
            Score();
            Write(scored, rejections);
            await scored.FlushAsync(cancellationToken);
            progress.Report(new TransferProgress(rowsRead, input.Share));
            overLimit = rejections.OverLimit(limits, rowsRead, isWhole: !more);
        }

        if (rejected is not null)
            await rejected.FlushAsync(cancellationToken);
        return new FileScore(rowsRead, rowsRead - rejections.Count, rejections.Count, rejections.First, overLimit);
    }

    private void Score()
    {
        if (block.Inputs.RowCount == 0)
            return;
        faults.Clear();
        model.Score(block.Inputs, outputs, faults);
        check.FindNaN(block.Inputs.RowCount, faults);
        block.Reject(faults);
    }

    private void Write(CsvWriter scored, RejectedFile rejections)
    {
        for (var line = 0; line < block.Count; line++)
        {
            if (block.RejectionOf(line) is { } rejection)
            {
                rejections.Add(rejection, block, line);
                continue;
            }

            for (var i = 0; i < fields.Length; i++)
            {
                if (fields[i] is { } output)
                    output.Write(block.RowOf(line), scored);
                else
                    block.Write(layout.Written[i].Field, line, scored);
            }

            scored.EndRecord();
        }
    }
}

using BatchScorer.Batches;
using BatchScorer.Errors;
using BatchScorer.Exchange.Csv;
using BatchScorer.Jobs;
using BatchScorer.Models;
using BatchScorer.Registry.Golden;

namespace BatchScorer.Exchange.Scoring;

/// <summary>A CSV file of rows for a model, with the answers that are expected where it has columns for them.</summary>
internal sealed class GoldenFile
{
    private readonly CsvInput input;
    private readonly ModelSchema model;
    private readonly FileLayout layout;
    private readonly FileBlock block;
    private readonly CsvFaults faults;

    private GoldenFile(CsvInput input, ModelSchema model, IReadOnlyDictionary<string, string> named)
    {
        this.input = input;
        this.model = model;
        layout = FileLayout.Bind(input, model, named, [.. model.Outputs.Select(output => ColumnNames.SnakeCase(output.Name))]);
        block = new FileBlock(input, model, layout);
        faults = new CsvFaults(input);
    }

    /// <summary>Has a model score the rows of a file, and holds its answers against those of the file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="model">The model.</param>
    /// <param name="named">The column for an input, where that is not to be found by its name.</param>
    /// <returns>The rows with the model's answers, and which of these the file has too.</returns>
    /// <exception cref="BatchScorerException">A row does not fit the model, or the model answers otherwise.</exception>
    public static async Task<(GoldenRows Rows, IReadOnlyList<string> Expected)> ScoreAsync(
        string path, IModel model, IReadOnlyDictionary<string, string> named, CancellationToken cancellationToken)
    {
        using var input = await CsvInput.OpenAsync(path, () => Stream.Null, cancellationToken);
        var file = new GoldenFile(input, model.Schema, named);
        await file.ReadAsync(cancellationToken);
        var answers = file.Score(model);
        var expected = file.ReadExpected();
        if (AnswerComparison.Difference(expected, answers, new HashSet<int>(), AnswerComparison.ToleranceOf(model)) is { } difference)
            throw file.Refuse(difference.Row, difference.Column, $"the model answers {difference.Other}, and the file expects {difference.Value}; register the model that was meant, or mend the file");
        return (GoldenRows.Of(file.block.Inputs, answers), [.. expected.Columns.Select(column => column.Name)]);
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        if (await block.FillAsync(input, cancellationToken) && await input.ReadAsync(cancellationToken))
            throw new BatchScorerException(ExitCode.BadConfiguration, input.At(0, null, $"there are more than {block.Count:N0} rows; golden rows are a few, at most {GoldenRows.MostRows:N0}"));
        if (block.Count == 0)
            throw new BatchScorerException(ExitCode.BadConfiguration, input.At(0, null, "there are no rows below the header; expected at least one golden row"));
        TellRejected();
    }

    private Batch Score(IModel scorer)
    {
        var answers = scorer.Schema.CreateOutputs(block.Count);
        var rejected = new List<RowFault>();
        scorer.Score(block.Inputs, answers, rejected);
        block.Reject(rejected);
        TellRejected();
        return answers;
    }

    private void TellRejected()
    {
        for (var row = 0; row < block.Count; row++)
        {
            if (block.RejectionOf(row) is { } rejection)
                faults.Add(rejection.Line, rejection.Column, rejection.Reason);
        }

        faults.ThrowIfAny();
    }

    private Batch ReadExpected()
    {
        var columns = new List<Column>();
        var others = input.Header.Where((_, i) => !layout.Fields.Contains(i)).ToList();
        foreach (var output in model.Outputs)
        {
            if (ColumnNames.Candidates(output.Name, others) is not [var name])
                continue;
            var column = Column.Create(output.Name, output.Type, block.Count);
            Read(input.Header.ToList().IndexOf(name), column);
            columns.Add(column);
        }

        faults.ThrowIfAny();
        return new Batch(columns, block.Count) { RowCount = block.Count };
    }

    private void Read(int field, Column column)
    {
        var parser = InputParser.For(column)
            ?? throw new BatchScorerException(ExitCode.BadConfiguration, input.At(1, input.Header[field], $"no text stands for the model's output \"{column.Name}\", a {column.Type}; leave it out of the file"));
        for (var row = 0; row < block.Count; row++)
        {
            // An empty key is one that the model does not know.
            var text = block.Field(field, row) is { IsEmpty: true } && column.Type.Kind is ValueKind.Key ? "0"u8 : block.Field(field, row);
            if (parser.Parse(text, row) is { } reason)
                faults.Add(block.LineOf(row), input.Header[field], reason);
        }
    }

    private BatchScorerException Refuse(int row, string column, string what) => new(ExitCode.BadConfiguration, input.At(block.LineOf(row), column, what));
}

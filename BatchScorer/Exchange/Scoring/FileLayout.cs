using BatchScorer.Batches;
using BatchScorer.Errors;
using BatchScorer.Exchange.Csv;
using BatchScorer.Jobs;
using BatchScorer.Models;
using BatchScorer.Predictions;

namespace BatchScorer.Exchange.Scoring;

/// <summary>A column that is written: one of the file that is read, or an output of the model.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Field">Its place in the file that is read, or -1.</param>
/// <param name="Output">Its place among the model's outputs, or -1.</param>
internal sealed record WrittenColumn(string Name, int Field, int Output);

/// <summary>How a file and a model go together.</summary>
/// <param name="Fields">For each input of the model, the field that fills it.</param>
/// <param name="Written">The columns that are written, in their order.</param>
/// <param name="Outputs">The model's outputs by the names they are written under.</param>
internal sealed record FileLayout(IReadOnlyList<int> Fields, IReadOnlyList<WrittenColumn> Written, IReadOnlyList<OutputColumn> Outputs)
{
    /// <summary>Fits a file and a model together.</summary>
    /// <param name="input">The file.</param>
    /// <param name="model">What the model reads and answers.</param>
    /// <param name="named">The column for an input, where that is not to be found by its name.</param>
    /// <param name="columns">The columns to write; none for all of the file and all outputs.</param>
    /// <exception cref="BatchScorerException">Something does not fit; all of it is told.</exception>
    public static FileLayout Bind(CsvInput input, ModelSchema model, IReadOnlyDictionary<string, string> named, IReadOnlyList<string> columns)
    {
        var faults = new CsvFaults(input);
        foreach (var name in named.Keys.Except(model.Inputs.Select(column => column.Name)))
            faults.Add(0, null, $"--input {name}: the model has no input \"{name}\"{Suggestion.For(name, model.Inputs.Select(column => column.Name))}");
        var fields = model.Inputs.Select(column => FindField(input, column, named, faults)).ToList();
        var outputs = model.Outputs.Select((output, i) => new OutputColumn(ColumnNames.SnakeCase(output.Name), output.Name, i, output.Type)).ToList();
        var written = columns.Count == 0 ? All(input, outputs, faults) : Chosen(input, outputs, columns, faults);
        foreach (var output in outputs.Where(output => output.SqlType is null && written.Any(column => column.Output == output.OutputIndex)))
            faults.Add(0, null, $"no text stands for the model's output \"{output.Output}\", a {output.Type}; leave it out with --columns");
        faults.ThrowIfAny();
        return new FileLayout(fields, written, outputs);
    }

    private static int FindField(CsvInput input, ModelColumn column, IReadOnlyDictionary<string, string> named, CsvFaults faults)
    {
        var field = -1;
        if (named.TryGetValue(column.Name, out var name))
        {
            field = IndexOf(input, name);
            if (field < 0)
                faults.Add(1, null, $"the file has no column \"{name}\", which --input names for \"{column.Name}\"{Suggestion.For(name, input.Header)}");
        }
        else
        {
            var match = ColumnNames.Match(column.Name, input.Header, $"--input {column.Name}=…");
            if (match.Column is not null)
                field = IndexOf(input, match.Column);
            else
                faults.Add(1, null, match.Fault!);
        }

        if (InputParser.For(Column.Create(column.Name, column.Type, capacity: 1)) is null)
            faults.Add(0, null, $"no text stands for the model's input \"{column.Name}\", a {column.Type}; score a table that has such a column instead");
        return field;
    }

    private static List<WrittenColumn> All(CsvInput input, List<OutputColumn> outputs, CsvFaults faults)
    {
        foreach (var output in outputs.Where(output => input.Header.Contains(output.Name)))
            faults.Add(1, output.Name, $"the model's output \"{output.Output}\" is written under this name; rename the column, or choose with --columns what is written");
        return [.. input.Header.Select((name, i) => new WrittenColumn(name, i, -1)), .. outputs.Select(output => new WrittenColumn(output.Name, -1, output.OutputIndex))];
    }

    // A model's output wins over a column of the file with its name.
    private static List<WrittenColumn> Chosen(CsvInput input, List<OutputColumn> outputs, IReadOnlyList<string> columns, CsvFaults faults)
    {
        var written = new List<WrittenColumn>();
        foreach (var name in columns)
        {
            var column = new WrittenColumn(name, IndexOf(input, name), outputs.FirstOrDefault(output => output.Name == name)?.OutputIndex ?? -1);
            if (column is { Field: < 0, Output: < 0 })
                faults.Add(0, null, $"--columns: neither the file nor the model has \"{name}\"{Suggestion.For(name, [.. outputs.Select(output => output.Name), .. input.Header])}");
            else if (written.Exists(other => other.Name == name))
                faults.Add(0, null, $"--columns: \"{name}\" is named twice");
            else
                written.Add(column);
        }

        return written;
    }

    private static int IndexOf(CsvInput input, string name) => input.Header.ToList().IndexOf(name);
}

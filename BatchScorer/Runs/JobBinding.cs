using BatchScorer.Batches;
using BatchScorer.Errors;
using BatchScorer.Jobs;
using BatchScorer.Jobs.Json;
using BatchScorer.Models;
using BatchScorer.Predictions;
using BatchScorer.Sources;

namespace BatchScorer.Runs;

/// <summary>A fault of a job that shows only against its model or its database.</summary>
/// <param name="Path">The job file's property, such as <c>inputs.TenureMonths</c>.</param>
/// <param name="Message">What is wrong, what was expected and what to do.</param>
internal sealed record BindingFault(string Path, string Message);

/// <summary>Fits a job, its model and its source together: which column fills which input, and where the outputs go.</summary>
/// <param name="job">The job.</param>
/// <param name="model">What the model reads and answers.</param>
/// <param name="source">The source.</param>
/// <param name="namesOfOthers">Names in the job's <c>inputs</c> that may be another model's; null for none.</param>
internal sealed class JobBinding(JobDefinition job, ModelSchema model, SourceDescription source, IReadOnlyCollection<string>? namesOfOthers = null)
{
    private readonly List<BindingFault> faults = [];

    /// <summary>Binds, or says everything that does not fit.</summary>
    /// <returns>The layouts, or null where there are faults.</returns>
    public (SourceLayout Source, PredictionLayout Predictions)? TryBind(out IReadOnlyList<BindingFault> found)
    {
        var key = job.Source.Key.Select((name, i) => Require(name, $"source.key[{i}]")).OfType<SourceColumn>().ToList();
        CheckKey(key);
        var cursor = job.Source.Cursor is { } cursorName ? Require(cursorName, "source.cursor") : null;
        CheckCursor(cursor);
        CheckLookback(cursor);
        var carry = job.Carry.Select((name, i) => Require(name, $"carry[{i}]")).OfType<SourceColumn>().ToList();
        var inputs = BindInputs();
        var outputs = BindOutputs();

        faults.AddRange(PredictionColumns.Misfits(
            [
                .. key.Select(column => ("source.key", column.Name)),
                .. outputs.Select(column => ($"outputs.{column.Name}", column.Name)),
                .. carry.Select(column => ("carry", column.Name)),
            ]).Select(misfit => new BindingFault(misfit.Path, misfit.Fault)));

        found = faults;
        if (faults.Count > 0)
            return null;
        var predictions = new PredictionLayout(job.Name, [.. key.Select(PassThrough)], cursor?.SqlType, [.. carry.Select(PassThrough)], outputs);
        var layout = new SourceLayout(source.Relation, key, cursor, carry, inputs, job.Source.Filter)
        {
            WithoutOutcome = job.Source.Lookback is null || cursor is null ? null : UnscoredRows.ConditionAtCursor(predictions, cursor.Name),
        };
        return (layout, predictions);
    }

    /// <summary>What shows without a source: inputs and outputs that the model lacks.</summary>
    public static IReadOnlyList<BindingFault> FindModelFaults(JobDefinition job, ModelSchema model, IReadOnlyCollection<string>? namesOfOthers)
    {
        var binding = new JobBinding(job, model, new SourceDescription("", "", Columns: [], UniqueKeys: [], IsTable: false), namesOfOthers);
        binding.CheckInputNames();
        binding.CheckWatchedNames();
        binding.BindOutputs();
        return binding.faults;
    }

    private SourceColumn? Require(string name, string path)
    {
        var column = source.Find(name);
        if (column is null)
            faults.Add(new(path, $"{source.Name} has no column \"{name}\"{Suggestion.For(name, source.Columns.Select(candidate => candidate.Name))}"));
        return column;
    }

    private void CheckKey(List<SourceColumn> key)
    {
        foreach (var column in key.Where(column => !KeyText.CanBeKey(column.Family)))
            faults.Add(new("source.key", $"expected columns of type smallint, integer, bigint, text or uuid, got \"{column.Name}\" of type {column.SqlType}"));
        if (source.IsTable && key.Count == job.Source.Key.Count && !source.ProvesKey(job.Source.Key))
        {
            faults.Add(new("source.key",
                $"nothing in the catalogue proves that {string.Join(", ", job.Source.Key)} names one row of {source.Name}: "
                + "expected a primary key, or a unique index on columns that are NOT NULL; add one, or read the table by a query"));
        }
    }

    private void CheckCursor(SourceColumn? cursor)
    {
        if (cursor is null)
            return;
        if (cursor.Family is not (WireFamily.TimestampTz or WireFamily.Integer))
            faults.Add(new("source.cursor", $"expected a column of type timestamptz, integer or bigint, got \"{cursor.Name}\" of type {cursor.SqlType}"));
        if (source.IsTable && !cursor.NotNull)
            faults.Add(new("source.cursor", $"column \"{cursor.Name}\" may be null, and such rows would never be scored: declare it NOT NULL"));
    }

    private void CheckLookback(SourceColumn? cursor)
    {
        var expected = cursor?.Family switch
        {
            WireFamily.TimestampTz when job.Source.Lookback is { Time: null } => "a time such as \"1.00:00:00\"",
            WireFamily.Integer when job.Source.Lookback is { Number: null } => "a whole number",
            _ => null,
        };
        if (expected is not null)
            faults.Add(new("source.lookback", $"expected {expected}, since the cursor \"{cursor!.Name}\" is of type {cursor.SqlType}, got {job.Source.Lookback}"));
    }

    private List<InputMapping> BindInputs()
    {
        CheckInputNames();
        CheckWatchedNames();
        return [.. model.Inputs.Select(BindInput).OfType<InputMapping>()];
    }

    private void CheckInputNames()
    {
        foreach (var name in job.Inputs.Keys.Except(model.Inputs.Select(input => input.Name)).Except(namesOfOthers ?? []))
            faults.Add(new(JsonPath.Property("inputs", name), $"the model has no input \"{name}\"{Suggestion.For(name, model.Inputs.Select(input => input.Name))}"));
    }

    private void CheckWatchedNames()
    {
        var known = model.Inputs.Concat(model.Outputs).Select(column => column.Name).ToList();
        foreach (var name in job.Watch.Columns.Keys.Where(name => !known.Contains(name.Split('[')[0])))
            faults.Add(new(JsonPath.Property("watch.columns", name), $"the model has neither an input nor an output \"{name}\"{Suggestion.For(name, known)}"));
    }

    private InputMapping? BindInput(ModelColumn input)
    {
        var path = JsonPath.Property("inputs", input.Name);
        var column = job.Inputs.TryGetValue(input.Name, out var named) ? Require(named, path) : MatchByName(input, path);
        if (column is null)
            return null;
        if (InputDecoder.For(column, Column.Create(input.Name, input.Type, capacity: 1)) is null)
        {
            faults.Add(new(path, $"the model's input is {input.Type}, so column \"{column.Name}\" has to be {InputDecoder.AcceptedTypes(input.Type)}, but is {column.SqlType}"));
            return null;
        }

        return new InputMapping(input, column);
    }

    private SourceColumn? MatchByName(ModelColumn input, string path)
    {
        var match = ColumnNames.Match(input.Name, [.. source.Columns.Select(column => column.Name)]);
        if (match.Column is not null)
            return source.Find(match.Column);
        faults.Add(new(path, match.Fault ?? $"{source.Name} has no column for it"));
        return null;
    }

    private List<OutputColumn> BindOutputs()
    {
        var named = job.Outputs.Count > 0
            ? job.Outputs.Select(pair => (Column: pair.Key, Output: pair.Value))
            : model.Outputs.Select(output => (Column: ColumnNames.SnakeCase(output.Name), Output: output.Name));
        var columns = new List<OutputColumn>();
        foreach (var (name, output) in named)
        {
            var index = model.Outputs.ToList().FindIndex(candidate => candidate.Name == output);
            if (index < 0)
            {
                faults.Add(new(JsonPath.Property("outputs", name), $"the model has no output \"{output}\"{Suggestion.For(output, model.Outputs.Select(candidate => candidate.Name))}; it has {string.Join(", ", model.Outputs.Select(candidate => candidate.Name))}"));
                continue;
            }

            var column = new OutputColumn(name, output, index, model.Outputs[index].Type);
            if (column.SqlType is null)
                faults.Add(new(JsonPath.Property("outputs", name), $"no PostgreSQL type holds the model's output \"{output}\", a {column.Type}; leave it out"));
            else
                columns.Add(column);
        }

        return columns;
    }

    private static PassThroughColumn PassThrough(SourceColumn column) => new(column.Name, column.SqlType);
}

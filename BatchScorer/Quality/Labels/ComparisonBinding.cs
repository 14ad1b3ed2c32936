using BatchScorer.Errors;
using BatchScorer.Jobs;
using BatchScorer.Runs;
using BatchScorer.Sources;

namespace BatchScorer.Quality.Labels;

/// <summary>Works out what of a job's predictions is compared with its labels, from the columns that its predictions have.</summary>
/// <param name="job">The job, which has labels.</param>
/// <param name="predictions">Its predictions table.</param>
internal sealed class ComparisonBinding(JobDefinition job, SourceDescription predictions)
{
    // ML.NET's trainers name their outputs so.
    private const string Probability = "Probability", PredictedLabel = "PredictedLabel", Score = "Score";

    private const double UsualThreshold = 0.5;

    private readonly JobLabels labels = job.Labels!;
    private readonly List<BindingFault> faults = [];

    /// <summary>Binds, or says everything that does not fit.</summary>
    /// <returns>Null where there are faults.</returns>
    public Comparison? TryBind(out IReadOnlyList<BindingFault> found)
    {
        found = faults;
        if (FindOutput() is not { } output || FindKind(output) is not { } kind)
            return null;
        CheckOutput(output, kind);
        CheckProperties(kind);
        if (labels.Probabilities is { } name && Require(name, "labels.probabilities") is { Family: not WireFamily.FloatArray } column)
            faults.Add(new("labels.probabilities", $"expected a column of type real[] or double precision[], got \"{name}\" of type {column.SqlType}"));
        return faults.Count > 0 ? null : new Comparison(
            kind, output.Name, labels.Threshold ?? UsualThreshold, labels.Probabilities, labels.Classes,
            [.. job.Source.Key.Select(key => predictions.Find(key)!)], predictions.Find("source_cursor") is not null, labels.Window);
    }

    private SourceColumn? FindOutput()
    {
        if (labels.Output is { } named)
            return Require(named, "labels.output");
        var (probability, predictedLabel, score) = (ColumnOf(Probability), ColumnOf(PredictedLabel), ColumnOf(Score));
        var found = labels.Kind switch
        {
            LabelKind.Binary => probability,
            LabelKind.Regression => score,
            LabelKind.Multiclass => predictedLabel,
            _ => probability ?? (IsClass(predictedLabel) ? predictedLabel : null) ?? (job.Outputs.Count == 0 && predictedLabel is null ? score : null),
        };
        if (found is null)
            faults.Add(new("labels.output", $"the outputs do not tell which of them is compared with the labels; name it, one of {string.Join(", ", Outputs())}"));
        return found;
    }

    private LabelKind? FindKind(SourceColumn output)
    {
        if (labels.Kind is { } named)
            return named;
        if (labels.Classes is not null || output.Family is WireFamily.Text)
            return LabelKind.Multiclass;
        if (labels.Positive is not null || labels.Threshold is not null || output == ColumnOf(Probability))
            return LabelKind.Binary;
        if (output == ColumnOf(Score) && job.Outputs.Count == 0 && ColumnOf(PredictedLabel) is null)
            return LabelKind.Regression;
        if (output == ColumnOf(PredictedLabel) && IsClass(output))
            return LabelKind.Multiclass;
        faults.Add(new("labels.kind", $"the output \"{output.Name}\" does not tell it; name it, \"binary\", \"regression\" or \"multiclass\""));
        return null;
    }

    private void CheckOutput(SourceColumn output, LabelKind kind)
    {
        var fits = kind is LabelKind.Multiclass
            ? output.Family is WireFamily.Text or WireFamily.Integer or WireFamily.Boolean
            : output.Family is WireFamily.Float or WireFamily.Integer;
        if (!fits)
        {
            faults.Add(new("labels.output", kind is LabelKind.Multiclass
                ? $"expected the predicted class, a column of type text, bigint or boolean, got \"{output.Name}\" of type {output.SqlType}"
                : $"expected a {(kind is LabelKind.Binary ? "probability or score" : "number")}, a column of type real or double precision, got \"{output.Name}\" of type {output.SqlType}"));
        }
    }

    /// <summary>What the file alone cannot tell where it does not name the kind.</summary>
    private void CheckProperties(LabelKind kind)
    {
        if (labels.Kind is null && kind is not LabelKind.Binary && (labels.Positive is not null || labels.Threshold is not null))
            faults.Add(new(labels.Positive is not null ? "labels.positive" : "labels.threshold", $"only the kind \"binary\" has it, and this is \"{kind.ToString().ToLowerInvariant()}\"; leave it out"));
    }

    private SourceColumn? Require(string name, string path)
    {
        if (predictions.Find(name) is { } column && Outputs().Contains(name))
            return column;
        faults.Add(new(path, $"the predictions have no output \"{name}\"{Suggestion.For(name, Outputs())}; name one of {string.Join(", ", Outputs())}"));
        return null;
    }

    private IEnumerable<string> Outputs() =>
        predictions.Columns.Select(column => column.Name).Except(job.Source.Key).Except(job.Carry).Except(PredictionColumns.Common);

    /// <summary>The column for an output of the model; null where the job stores none.</summary>
    private SourceColumn? ColumnOf(string output)
    {
        var name = job.Outputs.Count == 0 ? ColumnNames.SnakeCase(output) : job.Outputs.FirstOrDefault(pair => pair.Value == output).Key;
        return name is null || !Outputs().Contains(name) ? null : predictions.Find(name);
    }

    private static bool IsClass(SourceColumn? column) => column is { Family: WireFamily.Text or WireFamily.Integer };
}

using BatchScorer.Jobs;
using BatchScorer.Quality.Labels;
using BatchScorer.Sources;

namespace BatchScorer.Quality.Challengers;

/// <summary>An output that tells a class: itself, or by a threshold.</summary>
/// <param name="Output">The job's column.</param>
/// <param name="Threshold">The least value that is a yes; null where the column is the class.</param>
internal sealed record ComparedClass(string Output, double? Threshold)
{
    /// <summary>The class as text, as SQL over a column; with a threshold <c>true</c> or <c>false</c>.</summary>
    public string Of(string column) => Threshold is null ? $"{column}::text" : $"({column} >= @threshold)::text";
}

/// <summary>Which of a job's outputs tell what its model and a challenger differ in, the most telling first: the challenger need not have them all.</summary>
/// <param name="Scores">Those that are numbers.</param>
/// <param name="Classes">Those that tell a class.</param>
internal sealed record ComparedColumns(IReadOnlyList<string> Scores, IReadOnlyList<ComparedClass> Classes)
{
    private const double UsualThreshold = 0.5;

    /// <param name="job">The job.</param>
    /// <param name="comparison">What of its predictions is compared with labels; null where it has none.</param>
    /// <param name="view">Its comparison view.</param>
    public static ComparedColumns Of(JobDefinition job, Comparison? comparison, SourceDescription view)
    {
        var (probability, label, score) = (ColumnOf("Probability"), ColumnOf("PredictedLabel"), ColumnOf("Score"));
        var judged = comparison is null ? null : view.Find(comparison.Output);
        var scores = new[] { comparison?.Kind is LabelKind.Multiclass ? null : judged, probability, score }
            .OfType<SourceColumn>().Where(column => column.Family is WireFamily.Float or WireFamily.Integer).Select(column => column.Name);
        var classes = new[]
        {
            comparison?.Kind is LabelKind.Binary ? new ComparedClass(comparison.Output, comparison.Threshold) : null,
            comparison?.Kind is LabelKind.Multiclass ? new ComparedClass(comparison.Output, null) : null,
            label?.Family is WireFamily.Boolean or WireFamily.Text or WireFamily.Integer ? new ComparedClass(label.Name, null) : null,
            probability?.Family is WireFamily.Float ? new ComparedClass(probability.Name, UsualThreshold) : null,
        };
        return new ComparedColumns([.. scores.Distinct()], comparison?.Kind is LabelKind.Regression ? [] : [.. classes.OfType<ComparedClass>()]);

        SourceColumn? ColumnOf(string output) =>
            (job.Outputs.Count == 0 ? ColumnNames.SnakeCase(output) : job.Outputs.FirstOrDefault(pair => pair.Value == output).Key) is { } name ? view.Find(name) : null;
    }
}

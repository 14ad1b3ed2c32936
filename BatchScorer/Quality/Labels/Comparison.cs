using BatchScorer.Jobs;
using BatchScorer.Sources;

namespace BatchScorer.Quality.Labels;

/// <summary>What of a job's predictions is compared with its labels, and how: its section <c>labels</c> with everything worked out.</summary>
/// <param name="Kind">What is predicted.</param>
/// <param name="Output">The column that is compared.</param>
/// <param name="Threshold">The least value that is a yes; of no meaning but for yes and no.</param>
/// <param name="Probabilities">The column with the probability of each class; null where there is none.</param>
/// <param name="Classes">The classes in the order of that column; null where there is none.</param>
/// <param name="Key">The key columns of the predictions.</param>
/// <param name="HasCursor">Whether newer predictions of a key are told by the source's cursor before the run.</param>
/// <param name="Window">How long the windows of quality over time are.</param>
internal sealed record Comparison(
    LabelKind Kind,
    string Output,
    double Threshold,
    string? Probabilities,
    IReadOnlyList<string>? Classes,
    IReadOnlyList<SourceColumn> Key,
    bool HasCursor,
    LabelWindow Window);

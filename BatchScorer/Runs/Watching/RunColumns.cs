using BatchScorer.Batches;
using BatchScorer.Predictions;
using BatchScorer.Profiles;

namespace BatchScorer.Runs.Watching;

/// <summary>Which columns of a run are profiled.</summary>
internal static class RunColumns
{
    /// <summary>
    /// All inputs and every output that is stored, under the model's names for them: a reference has the same, whatever a job calls its columns.
    /// </summary>
    public static IEnumerable<ProfiledColumn> Of(Batch inputs, Batch outputs, IEnumerable<OutputColumn> stored) =>
    [
        .. Of(inputs),
        .. stored.DistinctBy(column => column.OutputIndex).Select(column => new ProfiledColumn(ProfileSide.Output, column.Output, outputs.Columns[column.OutputIndex])),
    ];

    /// <summary>All inputs.</summary>
    public static IEnumerable<ProfiledColumn> Of(Batch inputs) => inputs.Columns.Select(column => new ProfiledColumn(ProfileSide.Input, column.Name, column));
}

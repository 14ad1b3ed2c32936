using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace BatchScorer.Jobs;

/// <summary>How long what a job has written is kept. Without it, for good.</summary>
internal sealed record JobKeep
{
    private const string Shortest = "1.00:00:00";
    private const string Longest = "36500.00:00:00";

    [Description("How long predictions are kept, counted from the day on which their run was planned: \"90.00:00:00\" for 90 days, from a day to 36500. Default: for good.")]
    [Range(typeof(TimeSpan), Shortest, Longest)]
    public TimeSpan? Predictions { get; init; }

    [Description("Whether the newest published prediction of each key is kept, whatever its age.")]
    public bool Newest { get; init; }

    [Description("How long rejected rows are kept. Default: as long as their runs.")]
    [Range(typeof(TimeSpan), Shortest, Longest)]
    public TimeSpan? RejectedRows { get; init; }

    [Description("How long runs are kept that have no predictions any more, with their chunks and rejected rows. Default: for good.")]
    [Range(typeof(TimeSpan), Shortest, Longest)]
    public TimeSpan? Runs { get; init; }
}

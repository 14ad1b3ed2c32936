using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace BatchScorer.Jobs;

/// <summary>What a run may not exceed. Over a limit it fails; the chunks it has done are kept.</summary>
internal sealed record JobLimits
{
    [Description("How many rows of a run may be rejected.")]
    [Range(0, int.MaxValue)]
    public int RejectedRows { get; init; } = 1000;

    [Description("Which share of a run's rows may be rejected, from 0 to 1.")]
    [Range(0.0, 1.0)]
    public double RejectedShare { get; init; } = 0.01;

    [Description("How long one attempt at a chunk may take, hours:minutes:seconds, up to a day.")]
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan ChunkTime { get; init; } = TimeSpan.FromMinutes(5);
}

using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace BatchScorer.Jobs;

/// <summary>How a run is cut up and spread.</summary>
internal sealed record JobWork
{
    [Description("About how many rows a chunk has. A chunk is read, scored and committed as one.")]
    [Range(1, 1_000_000)]
    public int ChunkRows { get; init; } = 50_000;

    [Description("How many workers take chunks side by side. 0: one a core.")]
    [Range(0, 256)]
    public int Partitions { get; init; }
}

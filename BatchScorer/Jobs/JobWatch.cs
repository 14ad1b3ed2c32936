using System.ComponentModel;

namespace BatchScorer.Jobs;

/// <summary>What is watched of a job's runs.</summary>
internal sealed record JobWatch
{
    [Description("Whether the values of each run's inputs and outputs are profiled, and compared with those of the reference and of runs before.")]
    public bool Profile { get; init; } = true;

    [Description("Whether a sample of the source is held against the rows that the model was made with, where these are registered, before a run or a promotion: columns that are empty, written otherwise or swapped are refused.")]
    public bool Gate { get; init; } = true;

    [Description("Limits from which on a column's difference is called drift, for all columns. Default: by how each has spread over past runs, 0.1 as long as there are few.")]
    public JobDriftLimits Drift { get; init; } = new();

    [Description("Input or output of the model → limits for this column, in place of those of \"drift\".")]
    public IReadOnlyDictionary<string, JobDriftLimits> Columns { get; init; } = new Dictionary<string, JobDriftLimits>();

    /// <summary>The limits named for a column; a vector's hold for each of its slots.</summary>
    public JobDriftLimits? OfColumn(string name) =>
        Columns.GetValueOrDefault(name) ?? (name.IndexOf('[', StringComparison.Ordinal) is > 0 and var slot ? Columns.GetValueOrDefault(name[..slot]) : null);
}

namespace BatchScorer.Scheduling;

/// <summary>What a node does by itself, and how much at once.</summary>
internal sealed record NodeOptions
{
    /// <summary>Whether the schedule is kept in the database, for several nodes to share; otherwise in memory, for one.</summary>
    public bool Cluster { get; init; } = true;

    /// <summary>How many partitions of others' runs a node works on at once; 0 for one a core.</summary>
    public int NodePartitions { get; init; }

    /// <summary>How many partitions the cluster works on at once, besides the one of each run's planner; 0 for any number.</summary>
    public int ClusterPartitions { get; init; }

    /// <summary>How long a firing may work before it is interrupted; null for as long as it takes.</summary>
    public TimeSpan? FiringTime { get; init; }

    /// <summary>How often the job files are read.</summary>
    public TimeSpan ReadJobsEvery { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often a node looks for runs whose workers have gone.</summary>
    public TimeSpan SweepEvery { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a node lets go of what jobs keep no longer.</summary>
    public TimeSpan RetainEvery { get; init; } = TimeSpan.FromDays(1);

    /// <summary>How long it waits when something of that was in use, or another node was at it.</summary>
    public TimeSpan RetainAgainAfter { get; init; } = TimeSpan.FromHours(1);
}

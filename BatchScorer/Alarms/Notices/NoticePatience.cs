namespace BatchScorer.Alarms.Notices;

/// <summary>How long a receiver is tried.</summary>
internal sealed record NoticePatience
{
    /// <summary>How long a command that has worked on a run goes on telling; what is left then is for the nodes that serve, or the next command.</summary>
    public static readonly TimeSpan AfterRun = TimeSpan.FromSeconds(5);

    /// <summary>How long a receiver may take for its answer.</summary>
    public TimeSpan Answer { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often it is tried again at once, the pause doubling from <see cref="FirstPause"/>.</summary>
    public int Retries { get; init; } = 2;

    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>After how long others may try, for the first time; it doubles up to an hour. Longer than all tries of one attempt take.</summary>
    public TimeSpan Again { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>After how long nobody tries any more.</summary>
    public TimeSpan GiveUp { get; init; } = TimeSpan.FromDays(3);
}

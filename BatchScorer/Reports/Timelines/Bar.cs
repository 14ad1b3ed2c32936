namespace BatchScorer.Reports.Timelines;

/// <summary>A stretch of a lane: one attempt, or several short ones that follow each other and went well at once.</summary>
/// <param name="Start">When it begins.</param>
/// <param name="End">When it ends, or is taken to end.</param>
/// <param name="Attempts">What it stands for, in order.</param>
internal sealed record Bar(DateTime Start, DateTime End, IReadOnlyList<AttemptRecord> Attempts)
{
    public AttemptFate Fate => Attempts[0].Fate;

    public bool IsPlain => Fate is AttemptFate.Done && Attempts[0].Number == 1;

    /// <summary>The ends of attempts: where it is not known, the next attempt at the chunk tells that this one was over.</summary>
    /// <param name="attempts">Of a run.</param>
    /// <param name="until">When the run ended, or now.</param>
    public static IEnumerable<Bar> Of(IReadOnlyList<AttemptRecord> attempts, DateTime until)
    {
        var starts = attempts.ToDictionary(attempt => (attempt.ChunkNo, attempt.Number), attempt => attempt.StartedAt);
        return attempts.Select(attempt =>
        {
            var end = attempt.EndedAt ?? (starts.TryGetValue((attempt.ChunkNo, attempt.Number + 1), out var next) ? next : until);
            return new Bar(attempt.StartedAt, end > attempt.StartedAt ? end : attempt.StartedAt, [attempt]);
        });
    }
}

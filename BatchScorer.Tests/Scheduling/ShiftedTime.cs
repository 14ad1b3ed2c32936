namespace BatchScorer.Tests.Scheduling;

/// <summary>A clock that shows whatever time a test sets, and goes on from there as real ones do.</summary>
internal sealed class ShiftedTime(DateTimeOffset start) : TimeProvider
{
    private TimeSpan shift = start - DateTimeOffset.UtcNow;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UtcNow + shift;

    /// <summary>Sets the clock.</summary>
    public void Set(DateTimeOffset now) => shift = now - DateTimeOffset.UtcNow;
}

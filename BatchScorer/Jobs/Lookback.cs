using System.Globalization;

namespace BatchScorer.Jobs;

/// <summary>How far below its window a run looks for rows that no run has seen: either a time, or a difference of numbers, as the cursor is.</summary>
internal sealed record Lookback
{
    public Lookback(TimeSpan time) => Time = time;

    public Lookback(long number) => Number = number;

    /// <summary>For a cursor of type timestamptz.</summary>
    public TimeSpan? Time { get; }

    /// <summary>For an integer cursor.</summary>
    public long? Number { get; }

    /// <summary>The text of an interval or a number, as PostgreSQL reads it. In seconds, a day has 24 hours in every time zone.</summary>
    public string ToSql() => Time is { } time
        ? string.Create(CultureInfo.InvariantCulture, $"{time.Ticks / (decimal)TimeSpan.TicksPerSecond} seconds")
        : Number!.Value.ToString(CultureInfo.InvariantCulture);

    /// <summary>As a job file writes it.</summary>
    public override string ToString() => Time is { } time ? $"\"{time:c}\"" : Number!.Value.ToString(CultureInfo.InvariantCulture);
}

using BatchScorer.Jobs;

namespace BatchScorer.Alarms.Notices;

/// <summary>What a webhook is told, as JSON with names in camelCase. Names may be added, and none goes; docs/alarms.md has an example.</summary>
internal sealed record AlarmNotice
{
    /// <summary>The same each time that the notice is sent.</summary>
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required string Job { get; init; }

    /// <summary>Null where the alarms are of no run.</summary>
    public NoticedRun? Run { get; init; }

    public required IReadOnlyList<NoticedAlarm> Alarms { get; init; }

    public required string ProgramVersion { get; init; }
}

/// <summary>The run that raised the alarms.</summary>
internal sealed record NoticedRun
{
    public required long Id { get; init; }

    public required string Trigger { get; init; }

    /// <summary><c>published</c>, <c>failed</c>, or <c>succeeded</c> for one that is held.</summary>
    public required string State { get; init; }

    /// <summary>Why it is not published; null where nothing holds it.</summary>
    public string? HeldReason { get; init; }

    public string? WindowFrom { get; init; }

    public string? WindowTo { get; init; }

    public required long RowsRead { get; init; }

    public required long RowsRejected { get; init; }

    public required double DurationSeconds { get; init; }

    public required string Model { get; init; }

    public required string ModelVersion { get; init; }

    public required string ModelSha256 { get; init; }
}

/// <summary>An alarm: what, how much, since when, and what to look at.</summary>
internal sealed record NoticedAlarm
{
    public required string Kind { get; init; }

    public required string Subject { get; init; }

    public required double Value { get; init; }

    public required double Limit { get; init; }

    public required DateTime Since { get; init; }

    public required string Message { get; init; }

    public required string LookAt { get; init; }

    public static NoticedAlarm Of(RaisedAlarm raised) => new()
    {
        Kind = AlarmWords.Of(raised.Alarm.Kind),
        Subject = raised.Alarm.Subject,
        Value = raised.Alarm.Value,
        Limit = raised.Alarm.Limit,
        Since = raised.Since,
        Message = raised.Alarm.Message,
        LookAt = raised.Alarm.LookAt,
    };
}

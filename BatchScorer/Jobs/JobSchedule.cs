using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using BatchScorer.Jobs.Json;

namespace BatchScorer.Jobs;

/// <summary>When a job is due: at the times of a cron expression, at regular intervals, or when other jobs have run.</summary>
[ExactlyOneOf(nameof(Cron), nameof(Every), nameof(After))]
internal sealed record JobSchedule
{
    [Description("A Quartz cron expression: second, minute, hour, day of month, month, day of week and, if wanted, year. \"0 30 2 * * ?\" is every day at half past two.")]
    public string? Cron { get; init; }

    [Description("The time from one slot to the next instead of a cron expression: hours:minutes:seconds, \"00:15:00\", with days in front, \"7.00:00:00\"; from a second to 366 days, in whole seconds. Slots count from the beginning of 1970 in UTC.")]
    [Range(typeof(TimeSpan), "00:00:01", "366.00:00:00")]
    public TimeSpan? Every { get; init; }

    [Description("The jobs that this one follows, instead of a cron expression: it is due as soon as each of them has published a run since those that it followed last.")]
    [Length(1, 100), UniqueItems]
    [RegularExpression(JobDefinition.NamePattern, ErrorMessage = "the name of a job")]
    public IReadOnlyList<string>? After { get; init; }

    [Description("The IANA time zone the cron expression is meant in, such as \"Europe/Berlin\".")]
    public string TimeZone { get; init; } = "UTC";

    [Description("What becomes of slots that passed while nothing could run. \"once\": one run makes up for all of them; \"each\": a run each, oldest first; \"none\": no extra run. No row is left out: the next run starts where the last one ended.")]
    public MissedSlots Missed { get; init; } = MissedSlots.Once;

    /// <summary>The schedule in words: <c>0 30 2 * * ? Europe/Berlin</c>, <c>every 00:15:00</c> or <c>after orders, customers</c>.</summary>
    public override string ToString() =>
        Cron is not null ? $"{Cron} {TimeZone}" : After is not null ? $"after {string.Join(", ", After)}" : $"every {Every}";
}

using System.ComponentModel;

namespace BatchScorer.Jobs;

/// <summary>When a job's model is trained by itself. What was missed while no node ran is made up for once.</summary>
internal sealed record RetrainSchedule
{
    [Description("A Quartz cron expression, as in schedule.cron. \"0 0 4 ? * SUN\" is every Sunday at four.")]
    public required string Cron { get; init; }

    [Description("The IANA time zone that it is meant in, such as \"Europe/Berlin\".")]
    public string TimeZone { get; init; } = "UTC";

    /// <summary>The same times as those of a job's own schedule.</summary>
    public JobSchedule ToJobSchedule() => new() { Cron = Cron, TimeZone = TimeZone };

    public override string ToString() => $"{Cron} {TimeZone}";
}

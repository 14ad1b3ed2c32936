using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace BatchScorer.Jobs;

/// <summary>How a job knows that its source is ready to be scored, and how long it waits until it is.</summary>
internal sealed record SourceFreshness
{
    [Description("The query that tells: the name of a file in sql/sources/ with one SELECT of one Boolean column. The source is fresh when it gives a row, and true in every row.")]
    [RegularExpression(JobSource.QueryPattern, ErrorMessage = JobSource.QueryExpected)]
    public required string Query { get; init; }

    [Description("How long to wait for it, hours:minutes:seconds, with days in front; up to 31 days.")]
    [Range(typeof(TimeSpan), "00:00:01", "31.00:00:00")]
    public TimeSpan Limit { get; init; } = TimeSpan.FromHours(1);

    [Description("How often to ask while waiting, from a second to a day.")]
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(30);
}

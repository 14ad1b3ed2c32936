using BatchScorer.Errors;
using BatchScorer.Jobs;

namespace BatchScorer.Runs;

/// <summary>A run was not planned, since the job's source is not fresh yet: it is worth waiting for.</summary>
internal sealed class SourceNotFreshException(string job, SourceFreshness fresh)
    : BatchScorerException(ExitCode.Failed,
        $"The source of job {job} is not fresh: {fresh.Query} has not come true within {fresh.Limit:c}. See what keeps it, or raise source.fresh.limit; nothing is lost, the next run takes these rows, too.")
{
    public string Job { get; } = job;

    public SourceFreshness Fresh { get; } = fresh;
}

using BatchScorer.Errors;
using BatchScorer.Jobs;
using BatchScorer.Postgres;
using BatchScorer.Runs;
using BatchScorer.Sources;
using BatchScorer.Wording;
using Dapper;
using Npgsql;

namespace BatchScorer.Quality.Labels;

/// <summary>What taking up labels came to.</summary>
/// <param name="From">The time since when labels were read; null where nothing was shown yet that could be compared.</param>
/// <param name="Read">How many were read.</param>
/// <param name="Changed">How many labelled predictions are new, changed or gone.</param>
internal sealed record Intake(DateTime? From, long Read, long Changed);

/// <summary>Takes up a job's labels: reads those that may be new or corrected, and compares them with the predictions.</summary>
/// <param name="connection">To write with, in a REPEATABLE READ transaction of the only one who takes up labels of this job.</param>
/// <param name="reader">To read labels with.</param>
/// <param name="job">The job.</param>
/// <param name="source">Its labels.</param>
/// <param name="progress">Told what is being done, in a word or two.</param>
internal sealed class LabelIntake(NpgsqlConnection connection, NpgsqlConnection reader, Job job, LabelSource source, IProgress<string>? progress)
{
    /// <summary>Before any label; PostgreSQL's <c>-infinity</c>.</summary>
    private static readonly DateTime Ever = DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc);

    private const string Forget = "DELETE FROM scoring.labelled_predictions WHERE job = @job AND label_time >= @from";

    private const string Unfit = "SELECT key, label FROM scoring.incoming_labels WHERE job = @job AND actual IS NULL AND actual_class IS NULL ORDER BY key LIMIT 1";

    private const string Count = "SELECT count(*), max(label_time) FROM scoring.incoming_labels WHERE job = @job";

    private const string Empty = "DELETE FROM scoring.incoming_labels WHERE job = @job";

    /// <summary>Reads and compares.</summary>
    /// <param name="before">How far labels were taken up; null where none were, or others.</param>
    /// <param name="shown">What was shown since.</param>
    /// <param name="to">The time up to which labels are read.</param>
    /// <param name="all">Whether to read all of them, however old.</param>
    /// <returns>What it came to, and the greatest time of a label.</returns>
    /// <exception cref="BatchScorerException">A label will not do, or they cannot be read; nothing is to be committed.</exception>
    public async Task<(Intake Intake, DateTime? Newest)> TakeUpAsync(LabelProgress? before, ShownRuns shown, DateTime to, bool all, CancellationToken cancellationToken)
    {
        var parameters = new { job = job.Name };
        var forgotten = await ForgetAsync(before, shown, cancellationToken);
        if (shown.Since is not { } since)
            return (new Intake(null, 0, forgotten), null);

        var from = all ? since : Latest(since, Earliest(before?.NewestLabel - job.Definition.Labels!.Lookback, shown.ChangedSince));
        await connection.ExecuteAsync(new CommandDefinition(Empty, parameters, cancellationToken: cancellationToken));
        progress?.Report("reading labels");
        await ReadAsync(from, to, cancellationToken);
        if (await connection.QuerySingleOrDefaultAsync<(string[] Key, string Label)?>(new CommandDefinition(Unfit, parameters, cancellationToken: cancellationToken)) is var (key, label))
            throw Refuse(key, label);
        var (read, newest) = await connection.QuerySingleAsync<(long, DateTime?)>(new CommandDefinition(Count, parameters, cancellationToken: cancellationToken));
        progress?.Report($"comparing {Readable.Count(read)} labels");
        var changed = await LabelMatching.MatchAsync(connection, job.Name, source.Comparison, from, to, cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(Empty, parameters, cancellationToken: cancellationToken));
        return (new Intake(from, read, forgotten + changed), Latest(newest, before?.NewestLabel));
    }

    /// <summary>Forgets what was compared with something else: by another file, or with runs that were withdrawn or shown again since, as far as it can be compared anew.</summary>
    private async Task<long> ForgetAsync(LabelProgress? before, ShownRuns shown, CancellationToken cancellationToken)
    {
        var outdated = before is null ? Ever : Latest(shown.ChangedSince, shown.ChangedSince is null ? null : shown.Since);
        return outdated is null ? 0
            : await connection.ExecuteAsync(new CommandDefinition(Forget, new { job = job.Name, from = outdated }, cancellationToken: cancellationToken));
    }

    private async Task ReadAsync(DateTime from, DateTime to, CancellationToken cancellationToken)
    {
        var path = LabelSource.PathOf(job);
        try
        {
            await using var snapshot = await ReadOnlyTransaction.BeginAsync(reader, cancellationToken);
            await QueryCopy.CopyAsync(reader, source.Query.Select(from, to), connection, LabelQuery.Into, cancellationToken);
        }
        catch (PostgresException cause) when (!PassingFault.Is(cause))
        {
            var remedy = job.LabelsQueryFile is null ? "Correct the view, or what it reads." : "Correct the file in sql/sources/, or what it reads.";
            throw new JobPlaces(job).Refuse([new BindingFault(path, $"labels cannot be read: {ChunkFault.Message(cause)}. {remedy}")], ExitCode.Failed, cause);
        }
    }

    private BatchScorerException Refuse(string[] key, string label)
    {
        var (expected, remedy) = source.Comparison.Kind is LabelKind.Binary
            ? ("0 or 1", "correct the label, or say which value means yes, \"positive\": \"…\"")
            : ("a number that is finite", "correct the label, or leave it null");
        return new JobPlaces(job).Refuse(
            [new BindingFault("labels.label", $"the label of key ({string.Join(", ", key)}) is {label}, expected {expected}; {remedy}")], ExitCode.Failed);
    }

    private static DateTime Latest(DateTime first, DateTime? second) => second > first ? second.Value : first;

    private static DateTime? Latest(DateTime? first, DateTime? second) => first is null || second > first ? second : first;

    private static DateTime? Earliest(DateTime? first, DateTime? second) => first is null || second is null ? first : second < first ? second : first;
}

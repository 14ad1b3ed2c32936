using BatchScorer.Jobs;
using BatchScorer.Postgres;
using Dapper;

namespace BatchScorer.Runs;

/// <summary>Works on a run with partitions side by side until it is closed, by this process or another.</summary>
internal sealed class RunWorker(Database database, RunCloser closer)
{
    // How often a partition that found all pending chunks taken looks whether one has come free.
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(250);

    private const string Start =
        """
        UPDATE scoring.runs SET state = 'running', started_at = coalesce(started_at, clock_timestamp()), finished_at = NULL, error = NULL
        WHERE run_id = @runId AND state IN ('planned', 'running', 'failed', 'cancelled')
        """;

    private const string Tally =
        """
        SELECT coalesce(sum(rows_read), 0)::bigint, coalesce(sum(rows_rejected), 0)::bigint, count(*) FILTER (WHERE state = 'pending')
        FROM scoring.chunks WHERE run_id = @runId
        """;

    public RetryPolicy Retry { get; init; } = new();

    private Reconnection Reconnection => new(database, Retry.Outage);

    /// <summary>Starts the run, or takes it up again, and stays until it is over.</summary>
    /// <param name="prepared">The run.</param>
    /// <param name="limits">The limits on rejected rows, or null to accept any.</param>
    /// <param name="partitions">How many workers, 0 for one a core.</param>
    /// <param name="progress">Told after each chunk.</param>
    public async Task<RunEnd> WorkAsync(
        PreparedRun prepared, JobLimits? limits, int partitions, IProgress<RunProgress> progress, CancellationToken cancellationToken)
    {
        var run = prepared.Run;
        await Reconnection.DoAsync(() => StartAsync(run, cancellationToken), cancellationToken);
        if (await TryCloseAsync(run, limits, cancellationToken) is { } already)
            return already;

        var tally = await Reconnection.DoAsync(() => TallyAsync(run, cancellationToken), cancellationToken);
        var counter = new ProgressCounter(run, tally.Rows, tally.Rejected, progress);
        var workers = Math.Min(partitions == 0 ? Environment.ProcessorCount : partitions, (int)Math.Min(tally.Pending, int.MaxValue));
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var ends = await Task.WhenAll(Enumerable.Range(0, Math.Max(1, workers)).Select(_ => Task.Run(
            () => WorkAsync(prepared, limits, counter, over, cancellationToken), cancellationToken)));
        return ends.OfType<RunEnd>().First();
    }

    private async Task<RunEnd?> WorkAsync(
        PreparedRun prepared, JobLimits? limits, ProgressCounter counter, CancellationTokenSource over, CancellationToken cancellationToken)
    {
        var partition = new Partition(prepared, database, new ChunkSelection(prepared.Run.Id), Retry, counter.Add);
        while (!over.IsCancellationRequested)
        {
            var taken = await partition.TakeChunkAsync(cancellationToken);
            if (await TryCloseAsync(prepared.Run, limits, cancellationToken) is { } end)
            {
                await over.CancelAsync();
                return end;
            }

            if (!taken)
                await Task.Delay(LookAgain, over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
        }

        return null;
    }

    private Task<RunEnd?> TryCloseAsync(Run run, JobLimits? limits, CancellationToken cancellationToken) =>
        Reconnection.DoAsync(() => closer.TryCloseAsync(run, limits, cancellationToken), cancellationToken);

    private async Task StartAsync(Run run, CancellationToken cancellationToken)
    {
        await using var connection = await database.Writers.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        // A run that is over stays as it is, and so do the chunks of one that was abandoned.
        if (await connection.ExecuteAsync(new CommandDefinition(Start, new { runId = run.Id }, cancellationToken: cancellationToken)) > 0)
            await ChunkStore.ReopenAsync(connection, run.Id, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private async Task<(long Rows, long Rejected, long Pending)> TallyAsync(Run run, CancellationToken cancellationToken)
    {
        await using var connection = await database.Writers.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleAsync<(long, long, long)>(new CommandDefinition(Tally, new { runId = run.Id }, cancellationToken: cancellationToken));
    }
}

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

    /// <summary>Starts the run, or takes it up again, and stays until it is over.</summary>
    /// <param name="prepared">The run.</param>
    /// <param name="limits">The limits on rejected rows, or null to accept any.</param>
    /// <param name="partitions">How many workers, 0 for one a core.</param>
    /// <param name="progress">Told after each chunk.</param>
    public async Task<RunEnd> WorkAsync(
        PreparedRun prepared, JobLimits? limits, int partitions, IProgress<RunProgress> progress, CancellationToken cancellationToken)
    {
        var run = prepared.Run;
        await StartAsync(run, cancellationToken);
        if (await closer.TryCloseAsync(run, limits, cancellationToken) is { } already)
            return already;

        var tally = await TallyAsync(run, cancellationToken);
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
        var partition = new Partition(prepared, database);
        while (!over.IsCancellationRequested)
        {
            var outcome = await TakeChunkAsync(partition, cancellationToken);
            if (outcome is not null)
                counter.Add(outcome);
            if (await closer.TryCloseAsync(prepared.Run, limits, cancellationToken) is { } end)
            {
                await over.CancelAsync();
                return end;
            }

            if (outcome is null)
                await Task.Delay(LookAgain, over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
        }

        return null;
    }

    private static async Task<ChunkOutcome?> TakeChunkAsync(Partition partition, CancellationToken cancellationToken)
    {
        try
        {
            return await partition.TakeChunkAsync(cancellationToken);
        }
        catch (ChunkFailedException)
        {
            // It is marked failed in the ledger, with its cause; the run's other chunks are worth finishing.
            return null;
        }
    }

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

    private sealed class ProgressCounter(Run run, long rows, long rejected, IProgress<RunProgress> progress)
    {
        private readonly Lock gate = new();

        public void Add(ChunkOutcome outcome)
        {
            lock (gate)
            {
                rows += outcome.RowsRead;
                rejected += outcome.RowsRejected;
                progress.Report(new RunProgress(run.Id, run.RowsPlanned, rows, rejected));
            }
        }
    }
}

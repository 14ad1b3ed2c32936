using System.Diagnostics;
using BatchScorer.Batches;
using BatchScorer.Checkpoints;
using BatchScorer.Errors;
using BatchScorer.Models;
using BatchScorer.Predictions;
using BatchScorer.Profiles;
using BatchScorer.Runs.Challengers;
using BatchScorer.Runs.Watching;
using BatchScorer.Sources;
using Npgsql;

namespace BatchScorer.Runs;

/// <summary>
/// Reads a chunk's rows, scores them and writes the outcomes, batch by batch, in buffers that are reused from chunk to chunk.
/// A partition owns one; it is not thread-safe.
/// </summary>
internal sealed class ChunkScorer
{
    /// <summary>Rows a batch. A few hundred to a few thousand keep columns in the processor's cache.</summary>
    private const int BatchRows = 1024;

    // Predictions are written once this much is encoded, or the chunk is at its end: memory stays bounded whatever is carried.
    private const int MaxEncodedBytes = 32 * 1024 * 1024;

    // A chunk may have more rows by the time it is read; up to so many times what it should have, it is still read as one.
    private const int MostTimesAsLarge = 4;

    private readonly PreparedRun run;
    private readonly SourceBatch batch;
    private readonly Batch outputs;
    private readonly IReadOnlyList<FieldDecoder> decoders;
    private readonly PredictionEncoder encoder;
    private readonly ScoreCheck check;
    private readonly ProfileCollector? profiles;
    private readonly ChallengerScorer? challenger;
    private readonly SourceLayout sourceOfModel;
    private readonly CopyBuffer encoded = new();
    private readonly bool[] skipped = new bool[BatchRows];
    private readonly List<RowFault> faults = [];
    private bool hasLeftovers; // in the profiles, of an attempt that failed

    public ChunkScorer(PreparedRun run)
    {
        this.run = run;
        batch = new SourceBatch(run.Source, BatchRows);
        outputs = run.Model.Schema.CreateOutputs(BatchRows);
        decoders = FieldDecoder.Bind(run.Source, batch);
        sourceOfModel = run.SourceOfModel with { KeysFirst = true };
        encoder = new PredictionEncoder(run.Predictions, batch.PassThrough, outputs);
        check = new ScoreCheck(run.Predictions, outputs);
        if (run.Run.Manifest.Job.Watch.Profile)
            profiles = new ProfileCollector(RunColumns.Of(batch.Inputs, outputs, run.Predictions.Outputs));
        if (run.Challenger is not null)
            challenger = new ChallengerScorer(run.Challenger, run.Source, BatchRows);
    }

    /// <summary>Scores a chunk.</summary>
    /// <param name="readers">Where the source is read.</param>
    /// <param name="connection">Where the outcomes are written, in the caller's transaction.</param>
    /// <param name="chunk">The chunk.</param>
    /// <returns>Null when it has grown so much since planning that it has to be split; the caller takes back what was written.</returns>
    public Task<ChunkOutcome?> ScoreAsync(NpgsqlDataSource readers, NpgsqlConnection connection, ClaimedChunk chunk, CancellationToken cancellationToken) =>
        ScoreAsync(readers, connection, run.Source, challenger, chunk.ChunkNo, chunk.Keys, MostTimesAsLarge * (long)run.Run.Manifest.Job.Work.ChunkRows, cancellationToken);

    /// <summary>Scores a part of a chunk, and no row outside has any influence on it, and no challenger.</summary>
    /// <param name="readers">Where the source is read.</param>
    /// <param name="connection">Where the outcomes are written, in the caller's transaction.</param>
    /// <param name="chunkNo">The chunk.</param>
    /// <param name="keys">The part.</param>
    public async Task<ChunkOutcome> ScorePartAsync(NpgsqlDataSource readers, NpgsqlConnection connection, int chunkNo, KeyRange keys, CancellationToken cancellationToken) =>
        (await ScoreAsync(readers, connection, sourceOfModel, beside: null, chunkNo, keys, long.MaxValue, cancellationToken))!;

    private async Task<ChunkOutcome?> ScoreAsync(
        NpgsqlDataSource readers, NpgsqlConnection connection, SourceLayout source, ChallengerScorer? beside, int chunkNo, KeyRange keys, long mostRows, CancellationToken cancellationToken)
    {
        var stages = new StageClock();
        var origin = new PredictionOrigin(run.Run.Id, chunkNo, run.Run.PlannedOn);
        var rejected = new List<RejectedRow>();
        var rowsRead = 0;
        encoded.Clear();
        if (hasLeftovers)
            profiles?.Clear();
        hasLeftovers = true;
        beside?.Begin();

        await using var reader = await ChunkReader.OpenAsync(
            readers, source, keys, run.Run.Window, run.Run.Manifest.Job.Limits.ChunkTime, cancellationToken);
        await Checkpoint.ReachAsync(Checkpoint.DuringRead, cancellationToken);
        var rows = new DecodedRows(batch, decoders, rejected);
        bool more;
        do
        {
            var rejectedBefore = rejected.Count;
            more = await reader.ReadAsync(rows, beside?.Rows, cancellationToken);
            rowsRead += batch.RowCount + rejected.Count - rejectedBefore;
            if (rowsRead > mostRows)
                return null;
            stages.Lap(Stage.Read);

            await Checkpoint.ReachAsync(Checkpoint.DuringScore, cancellationToken);
            Score(reader, rejected);
            profiles?.Add(skipped.AsSpan(0, batch.RowCount));
            stages.Lap(Stage.Score);

            encoder.Encode(batch.RowCount, skipped, origin, encoded);
            if (encoded.Length > MaxEncodedBytes)
                await PredictionWriter.WriteAsync(connection, run.Predictions, encoded, cancellationToken);
            stages.Lap(Stage.Write);

            if (beside is null)
                continue;
            beside.Score(origin);
            if (beside.EncodedBytes > MaxEncodedBytes)
                await beside.WriteAsync(connection, cancellationToken);
            stages.Lap(Stage.Challenge);
        }
        while (more);

        await PredictionWriter.WriteAsync(connection, run.Predictions, encoded, cancellationToken);
        await WriteRejectedAsync(connection, reader, origin, rejected, cancellationToken);
        stages.Lap(Stage.Write);
        if (beside is not null)
            await beside.WriteAsync(connection, cancellationToken);
        stages.Lap(Stage.Challenge);
        hasLeftovers = false;
        return new ChunkOutcome(chunkNo, rowsRead, rejected.Count, stages[Stage.Read], stages[Stage.Score], stages[Stage.Write])
        {
            Profile = profiles?.TakeBytes(),
            Challenger = beside?.End(stages[Stage.Challenge]),
        };
    }

    private void Score(ChunkReader reader, List<RejectedRow> rejected)
    {
        faults.Clear();
        skipped.AsSpan().Clear();
        if (batch.RowCount == 0)
            return;
        ScoreBatch();
        check.FindNaN(batch.RowCount, faults);
        foreach (var fault in faults)
        {
            // The first fault of a row is the one to tell.
            if (skipped[fault.Row])
                continue;
            skipped[fault.Row] = true;
            rejected.Add(new RejectedRow(reader.KeyOf(batch, fault.Row), fault.Column, fault.Reason));
        }
    }

    private void ScoreBatch()
    {
        try
        {
            run.Model.Score(batch.Inputs, outputs, faults);
        }
        catch (Exception cause) when (cause is not (BatchScorerException or OutOfMemoryException))
        {
            throw new ScoringException(cause);
        }
    }

    private Task WriteRejectedAsync(
        NpgsqlConnection connection, ChunkReader reader, PredictionOrigin origin, List<RejectedRow> rejected, CancellationToken cancellationToken) =>
        RejectedRowWriter.WriteAsync(
            connection,
            run.Run.Job,
            origin,
            rejected.ToAsyncEnumerable().Zip(
                reader.ReadJsonAsync(rejected, cancellationToken),
                (rejection, row) => new RejectedRowRecord(row.Key, rejection.Column, rejection.Reason, row.SourceCursor, row.Row)),
            cancellationToken);

    private enum Stage
    {
        Read,
        Score,
        Write,
        Challenge,
    }

    private sealed class StageClock
    {
        private readonly TimeSpan[] spent = new TimeSpan[4];
        private long lap = Stopwatch.GetTimestamp();

        public TimeSpan this[Stage stage] => spent[(int)stage];

        /// <summary>Counts the time since the last call to this stage.</summary>
        public void Lap(Stage stage)
        {
            var now = Stopwatch.GetTimestamp();
            spent[(int)stage] += Stopwatch.GetElapsedTime(lap, now);
            lap = now;
        }
    }
}

using BatchScorer.Batches;
using BatchScorer.Models;
using BatchScorer.Postgres;
using BatchScorer.Predictions;
using BatchScorer.Sources;
using Dapper;
using Npgsql;

namespace BatchScorer.Runs.Challengers;

/// <summary>
/// Scores the rows of chunks with the challenger as they are read, and writes its answers in the chunk's transaction. Whatever goes wrong
/// with it leaves it out of the chunk, and the job's own model untouched.
/// </summary>
internal sealed class ChallengerScorer
{
    private const string Save = "SAVEPOINT challenger";

    private const string Release = "RELEASE SAVEPOINT challenger";

    private const string TakeBack = "ROLLBACK TO SAVEPOINT challenger; RELEASE SAVEPOINT challenger";

    private readonly Challenger challenger;
    private readonly SourceBatch batch;
    private readonly Batch outputs;
    private readonly PredictionEncoder encoder;
    private readonly ScoreCheck check;
    private readonly CopyBuffer encoded = new();
    private readonly bool[] skipped;
    private readonly List<RowFault> faults = [];
    private readonly List<RejectedRow> rejected = [];
    private int scored;
    private int refused;
    private string? rejection;
    private string? fault;

    /// <param name="challenger">The model.</param>
    /// <param name="source">What is read for both models.</param>
    /// <param name="batchRows">Rows a batch.</param>
    public ChallengerScorer(Challenger challenger, SourceLayout source, int batchRows)
    {
        this.challenger = challenger;
        batch = new SourceBatch(new SourceLayout(source.Relation, source.Key, Cursor: null, Carry: [], challenger.Inputs, Filter: null), batchRows);
        outputs = challenger.Model.Schema.CreateOutputs(batchRows);
        encoder = new PredictionEncoder(challenger.Predictions, batch.PassThrough, outputs);
        check = new ScoreCheck(challenger.Predictions, outputs);
        skipped = new bool[batchRows];
        Rows = new DecodedRows(batch, FieldDecoder.Bind(source.Columns, challenger.Inputs, batch), rejected);
    }

    /// <summary>Where its rows go as they are read.</summary>
    public DecodedRows Rows { get; }

    /// <summary>Bytes that wait to be written.</summary>
    public int EncodedBytes => encoded.Length;

    /// <summary>Begins a chunk, and forgets what an attempt that failed has left.</summary>
    public void Begin()
    {
        encoded.Clear();
        rejected.Clear();
        (scored, refused, rejection, fault) = (0, 0, null, null);
    }

    /// <summary>Scores the rows that have just been read.</summary>
    public void Score(PredictionOrigin origin)
    {
        foreach (var row in rejected)
            Refuse(row.Column, row.Reason);
        rejected.Clear();
        if (batch.RowCount == 0 || fault is not null)
            return;
        faults.Clear();
        skipped.AsSpan().Clear();
        try
        {
            challenger.Model.Score(batch.Inputs, outputs, faults);
        }
        catch (Exception cause) when (cause is not OutOfMemoryException)
        {
            fault = cause.GetBaseException().Message;
            return;
        }

        check.FindNaN(batch.RowCount, faults);
        foreach (var found in faults.Where(found => !skipped[found.Row]))
        {
            skipped[found.Row] = true;
            Refuse(found.Column, found.Reason);
        }

        encoder.Encode(batch.RowCount, skipped, origin, encoded);
        scored += batch.RowCount - skipped.AsSpan(0, batch.RowCount).Count(true);
    }

    /// <summary>Writes what it has answered so far. The connection must not be inside a COPY.</summary>
    public async Task WriteAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (encoded.RowCount == 0 || fault is not null)
            return;
        await ExecuteAsync(connection, Save, cancellationToken);
        try
        {
            await PredictionWriter.WriteAsync(connection, challenger.Predictions, encoded, cancellationToken);
            await ExecuteAsync(connection, Release, cancellationToken);
        }
        catch (PostgresException cause) when (!PassingFault.Is(cause))
        {
            await ExecuteAsync(connection, TakeBack, cancellationToken);
            encoded.Clear();
            fault = ChunkFault.Message(cause);
        }
    }

    /// <summary>What became of the chunk, once all is written.</summary>
    public ChallengerOutcome End(TimeSpan took) => fault is null ? new ChallengerOutcome(scored, refused, rejection, null, took) : ChallengerOutcome.LeftOut(fault);

    private void Refuse(string? column, string reason)
    {
        refused++;
        rejection ??= column is null ? reason : $"{column}: {reason}";
    }

    private static Task ExecuteAsync(NpgsqlConnection connection, string statement, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(statement, cancellationToken: cancellationToken));
}

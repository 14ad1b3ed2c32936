using System.Buffers.Binary;
using BatchScorer.Batches;

namespace BatchScorer.Predictions;

/// <summary>Where a prediction comes from: the same for every row of a chunk.</summary>
internal sealed record PredictionOrigin(long RunId, int ChunkNo, DateOnly PlannedOn);

/// <summary>Turns scored batches into the rows of <see cref="PredictionLayout.CopyStatement"/>.</summary>
internal sealed class PredictionEncoder
{
    private static readonly DateOnly PostgresEpoch = new(2000, 1, 1);

    private readonly WireColumn[] passThrough;
    private readonly OutputEncoder[] outputs;

    /// <param name="layout">The table.</param>
    /// <param name="passThrough">The batch's key, cursor and carried columns, in that order.</param>
    /// <param name="outputs">The batch that the model fills.</param>
    public PredictionEncoder(PredictionLayout layout, WireColumn[] passThrough, Batch outputs)
    {
        this.passThrough = passThrough;
        this.outputs = [.. layout.Outputs.Select(column => OutputEncoder.For(outputs.Columns[column.OutputIndex]))];
    }

    /// <summary>Appends the batch's rows to the buffer.</summary>
    /// <param name="rowCount">Rows in the batch.</param>
    /// <param name="skipped">Rows that were rejected and are left out: true at their index.</param>
    /// <param name="origin">Where they come from.</param>
    /// <param name="buffer">Receives the rows.</param>
    public void Encode(int rowCount, ReadOnlySpan<bool> skipped, PredictionOrigin origin, CopyBuffer buffer)
    {
        for (var row = 0; row < rowCount; row++)
        {
            if (skipped[row])
                continue;
            buffer.BeginRow(passThrough.Length + outputs.Length + 3);
            foreach (var column in passThrough)
            {
                if (column.IsNull(row))
                    buffer.WriteNull();
                else
                    buffer.Write(column[row]);
            }

            foreach (var output in outputs)
                output.Encode(row, buffer);
            BinaryPrimitives.WriteInt64BigEndian(buffer.WriteField(sizeof(long)), origin.RunId);
            BinaryPrimitives.WriteInt32BigEndian(buffer.WriteField(sizeof(int)), origin.ChunkNo);
            BinaryPrimitives.WriteInt32BigEndian(buffer.WriteField(sizeof(int)), origin.PlannedOn.DayNumber - PostgresEpoch.DayNumber);
        }
    }
}

using System.Data;
using BatchScorer.Checkpoints;
using Npgsql;

namespace BatchScorer.Predictions;

/// <summary>Writes encoded predictions by binary COPY, in the caller's transaction.</summary>
internal static class PredictionWriter
{
    /// <summary>Writes what the buffer holds and empties it.</summary>
    public static async Task WriteAsync(NpgsqlConnection connection, PredictionLayout layout, CopyBuffer buffer, CancellationToken cancellationToken)
    {
        if (buffer.RowCount > 0)
        {
            await Checkpoint.ReachAsync(Checkpoint.BeforeCopy, cancellationToken);
            var copy = await connection.BeginRawBinaryCopyAsync(layout.CopyStatement, cancellationToken);
            try
            {
                var bytes = buffer.Complete();
                await copy.WriteAsync(bytes[..(bytes.Length / 2)], cancellationToken);
                await Checkpoint.ReachAsync(Checkpoint.DuringCopy, cancellationToken);
                await copy.WriteAsync(bytes[(bytes.Length / 2)..], cancellationToken);
            }
            catch
            {
                if (connection.State is ConnectionState.Open)
                    await copy.CancelAsync();
                throw;
            }

            await copy.DisposeAsync();
        }

        buffer.Clear();
    }
}

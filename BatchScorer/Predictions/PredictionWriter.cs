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
            var copy = await connection.BeginRawBinaryCopyAsync(layout.CopyStatement, cancellationToken);
            try
            {
                await copy.WriteAsync(buffer.Complete(), cancellationToken);
            }
            catch
            {
                await copy.CancelAsync();
                throw;
            }

            await copy.DisposeAsync();
        }

        buffer.Clear();
    }
}

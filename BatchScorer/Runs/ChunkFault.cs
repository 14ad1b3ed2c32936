using Npgsql;

namespace BatchScorer.Runs;

/// <summary>What there is to say about the cause for which a chunk failed.</summary>
internal static class ChunkFault
{
    /// <summary>The cause in a sentence, for whoever mends it.</summary>
    public static string Message(Exception cause) => cause is PostgresException server ? $"{server.MessageText} ({server.SqlState})" : cause.GetBaseException().Message;
}

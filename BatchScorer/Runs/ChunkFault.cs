using Npgsql;

namespace BatchScorer.Runs;

/// <summary>What there is to say about the cause for which a chunk failed.</summary>
internal static class ChunkFault
{
    /// <summary>Whether rows are at fault, so that the chunk's others can be scored without them.</summary>
    public static bool IsOfData(Exception cause) => cause is ScoringException
        || (cause is PostgresException server && server.SqlState.StartsWith("22", StringComparison.Ordinal));

    /// <summary>The cause in a sentence, for whoever mends it.</summary>
    public static string Message(Exception cause) => cause is PostgresException server ? $"{server.MessageText} ({server.SqlState})" : cause.GetBaseException().Message;

    /// <summary>The SQLSTATE or the type of exception: what may be told without telling what is in a row.</summary>
    public static string Kind(Exception cause) => cause is PostgresException server ? server.SqlState : cause.GetBaseException().GetType().Name;
}

/// <summary>The model could not score a batch.</summary>
internal sealed class ScoringException(Exception cause) : Exception(cause.GetBaseException().Message, cause);

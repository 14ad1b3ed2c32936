using Npgsql;

namespace BatchScorer.Runs;

/// <summary>Tells that the server failed on a row of a job's source while a run was planned, rather than on a statement of ours.</summary>
internal static class SourceFault
{
    /// <summary>The fault of the job's filter, query or view; null where the cause is another.</summary>
    public static BindingFault? Find(PlannedJob job, PostgresException cause)
    {
        // Class 22 is values that will not do. What a filter or view calls may also raise errors of its own, or try to write.
        if (!cause.SqlState.StartsWith("22", StringComparison.Ordinal)
            && cause.SqlState is not (PostgresErrorCodes.RaiseException or PostgresErrorCodes.ReadOnlySqlTransaction))
            return null;
        var (path, what) = job.Definition.Source switch
        {
            { Filter: not null } when job.SourceIsTable => ("source.filter", "the filter"),
            { Filter: not null } => ("source.filter", "the filter, or the source that it chooses from,"),
            { Query: not null } => ("source.query", "the query"),
            _ => ("source.table", "the view"),
        };
        return new BindingFault(path, cause.SqlState is PostgresErrorCodes.ReadOnlySqlTransaction
            ? $"{what} may only read, and tries to write: {ChunkFault.Message(cause)}; take out what writes"
            : $"{what} fails on a row: {ChunkFault.Message(cause)}; write it so that it can be told for every row, with NULLIF or CASE for example, or mend the row");
    }
}

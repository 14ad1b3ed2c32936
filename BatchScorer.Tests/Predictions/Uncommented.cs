using BatchScorer.Tests.Postgres;

namespace BatchScorer.Tests.Predictions;

/// <summary>What nobody has explained: <c>\d+</c> is the documentation of tables and views.</summary>
internal static class Uncommented
{
    /// <summary>The columns of schema <c>scoring</c> without a comment, or whose table or view has none, and its functions without one.</summary>
    public static Task<IReadOnlyList<string>> FindAsync(TestDatabase database) => database.QueryAsync<string>(
        """
        SELECT format('%s.%s', attrelid::regclass, attname)
        FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
        WHERE relnamespace = 'scoring'::regnamespace AND relkind IN ('r', 'p', 'v', 'c') AND attnum > 0 AND NOT attisdropped AND NOT relispartition
          AND (col_description(attrelid, attnum) IS NULL OR coalesce(obj_description(attrelid, 'pg_class'), obj_description(reltype, 'pg_type')) IS NULL)
        UNION ALL
        SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = 'scoring'::regnamespace AND obj_description(oid, 'pg_proc') IS NULL
        """);
}

namespace BatchScorer.Postgres.Private;

/// <summary>The settings of a private server: reachable from this machine alone, modest in memory.</summary>
internal static class ServerSettings
{
    private static readonly Dictionary<string, string> Common = new()
    {
        ["listen_addresses"] = "127.0.0.1",
        ["unix_socket_directories"] = "",
        ["max_connections"] = "100",
        ["shared_buffers"] = "128MB",
        ["wal_level"] = "minimal",
        ["max_wal_senders"] = "0",
        ["timezone"] = "UTC",
        ["log_timezone"] = "UTC",
    };

    private static readonly Dictionary<string, string> ThrowAway = new()
    {
        ["fsync"] = "off",
        ["synchronous_commit"] = "off",
        ["full_page_writes"] = "off",
    };

    /// <summary>The lines to add to <c>postgresql.conf</c>, where the last mention of a setting counts.</summary>
    public static IEnumerable<string> Lines(PrivateServerOptions options) =>
        from setting in Common.Concat(options.Durable ? [] : ThrowAway).Concat(options.Settings)
        select $"{setting.Key} = '{setting.Value.Replace("'", "''", StringComparison.Ordinal)}'";
}

using System.Globalization;
using BatchScorer.Errors;
using BatchScorer.Postgres;
using BatchScorer.Sources;
using Dapper;
using Npgsql;

namespace BatchScorer.Runs;

/// <summary>Up to where a window is settled: no row below can still be committed by a transaction that has begun.</summary>
/// <param name="To">The bound, as text of the cursor's type; null when nothing is settled yet.</param>
/// <param name="HeldBy">The open transaction that held it back, and since when; null when none did.</param>
internal sealed record WindowBound(string? To, string? HeldBy)
{
    /// <summary>How long that transaction has been open.</summary>
    public TimeSpan Held { get; private init; }

    // A transaction shows up a moment after its now() is fixed.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(1);

    private const string SeesOthers = "SELECT pg_has_role(current_user, 'pg_read_all_stats', 'USAGE')";

    private const string EarliestPrepared =
        """
        SELECT format('prepared transaction %L since %s', gid, prepared)
        FROM pg_prepared_xacts WHERE database = current_database() ORDER BY prepared LIMIT 1
        """;

    // A transaction's now() is fixed at its start, and until it ends it may write rows with that cursor, whether it has
    // written yet or not. Our own readers write nothing, and whoever stages writes only what nobody else reads.
    private const string EarliestOpen =
        """
        SELECT format('pid %s (%s) since %s', pid, coalesce(nullif(application_name, ''), usename, 'unnamed'), xact_start) AS name, xact_start
        FROM pg_stat_activity
        WHERE datname = current_database() AND xact_start IS NOT NULL AND pid <> pg_backend_pid()
          AND application_name <> ALL(@harmless) AND backend_type = 'client backend'
        ORDER BY xact_start LIMIT 1
        """;

    /// <summary>Asks the source's server, by its own clock.</summary>
    /// <param name="connection">To the source's server, in no transaction.</param>
    /// <param name="layout">The source, with its cursor.</param>
    /// <param name="from">Where the window starts; the bound stays there while nothing more is settled.</param>
    /// <exception cref="BatchScorerException">The database user may not see other sessions' transactions.</exception>
    public static async Task<WindowBound> AskAsync(NpgsqlConnection connection, SourceLayout layout, string? from, CancellationToken cancellationToken)
    {
        if (!await connection.ExecuteScalarAsync<bool>(new CommandDefinition(SeesOthers, cancellationToken: cancellationToken)))
        {
            throw new BatchScorerException(ExitCode.BadConfiguration,
                "The database user cannot see when other sessions' transactions began, so rows that they commit late would be missed: "
                + "run `GRANT pg_read_all_stats TO …` for it as a superuser.");
        }

        // The order keeps anything from slipping through: what begins after the clock was read lies above the bound, what a greater
        // number has overtaken belongs to a transaction that is still to be seen, and one that is prepared meanwhile is seen then.
        var clock = await connection.ExecuteScalarAsync<DateTime>(new CommandDefinition("SELECT clock_timestamp()", cancellationToken: cancellationToken));
        var greatest = layout.Cursor!.Family is WireFamily.Integer ? await GreatestAsync(connection, layout, cancellationToken) : null;
        var open = await connection.QuerySingleOrDefaultAsync<OpenTransaction>(new CommandDefinition(
            EarliestOpen, new { harmless = new[] { Database.ReaderName, SourceStaging.SessionName } }, cancellationToken: cancellationToken));
        var prepared = await connection.QuerySingleOrDefaultAsync<string>(new CommandDefinition(EarliestPrepared, cancellationToken: cancellationToken));
        if (prepared is not null)
            return new WindowBound(from, prepared);
        if (layout.Cursor.Family is WireFamily.Integer)
            return open is null ? new WindowBound(greatest ?? from, null) : new WindowBound(from, open.Name) { Held = clock - open.XactStart };

        var holder = open?.XactStart < clock ? open : null;
        return new WindowBound(NotBefore(from, Text((holder?.XactStart ?? clock) - Margin)), holder?.Name) { Held = clock - (holder?.XactStart ?? clock) };
    }

    /// <summary>The same bound, or the slot where that is earlier. A cursor of numbers knows no slots.</summary>
    /// <param name="slot">The instant at which a schedule was due.</param>
    /// <param name="layout">The source, with its cursor.</param>
    /// <param name="from">Where the window starts.</param>
    public WindowBound NotPast(DateTimeOffset slot, SourceLayout layout, string? from) =>
        layout.Cursor!.Family is WireFamily.TimestampTz && To is not null && string.CompareOrdinal(Text(slot.UtcDateTime), To) < 0
            ? new WindowBound(NotBefore(from, Text(slot.UtcDateTime)), null)
            : this;

    // The bound never goes back, not even when the clock does.
    private static string NotBefore(string? from, string to) => from is not null && string.CompareOrdinal(to, from) < 0 ? from : to;

    // The texts have a fixed width, so their order is the order of time.
    private static string Text(DateTime instant) => instant.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    private static async Task<string?> GreatestAsync(NpgsqlConnection connection, SourceLayout layout, CancellationToken cancellationToken)
    {
        var cursor = SqlIdentifier.Quote(layout.Cursor!.Name);
        // Behind the type's last number there is none to start from; a row that has it is scored in each run rather than in none.
        var last = layout.Cursor.SqlType switch { "smallint" => short.MaxValue, "integer" => int.MaxValue, _ => long.MaxValue };
        return await connection.ExecuteScalarAsync<string?>(new CommandDefinition(
            $"SELECT CASE WHEN max({cursor}) < @last THEN max({cursor}) + 1 ELSE max({cursor}) END::text FROM (SELECT * FROM {layout.Relation}) AS source", new { last }, cancellationToken: cancellationToken));
    }

    private sealed record OpenTransaction(string Name, DateTime XactStart);
}

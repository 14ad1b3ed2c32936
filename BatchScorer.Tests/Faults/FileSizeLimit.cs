using System.Globalization;
using BatchScorer.Postgres.Private;
using BatchScorer.Tests.Postgres;

namespace BatchScorer.Tests.Faults;

/// <summary>A limit on the size of the files that the server's processes write, in place of a full disk where none can be mounted.</summary>
internal sealed class FileSizeLimit : IScarceDisk
{
    // The files of the write-ahead log have 16 MB, and must not fail. The half page at the end is written in part: PostgreSQL
    // reports that as it does a full disk.
    private const long Bytes = (17 << 20) + 4096;

    // They take more than that, and their space is not used again: nobody cleans up after the transaction within a scenario.
    private const int Ballast = 300_000;

    private readonly TestServer server;
    private readonly ServerUser user;

    private FileSizeLimit(TestServer server, ServerUser user)
    {
        this.server = server;
        this.user = user;
    }

    public string Description => "a limit on the size of the server's files";

    public string Tablespace => "pg_default";

    public string Complaint => "could not extend file";

    /// <summary>A limit for a server, or null where processes cannot be given any.</summary>
    public static FileSizeLimit? Find(TestServer server, ServerUser user) =>
        OperatingSystem.IsLinux() && ExternalProgram.FindOnPath("prlimit") is not null ? new FileSizeLimit(server, user) : null;

    /// <summary>Has a transaction that is rolled back write predictions up to the limit, so that any more go beyond it.</summary>
    public async Task PrepareAsync(TestDatabase database, FaultedSource source)
    {
        await database.ExecuteAsync("SELECT scoring.ensure_predictions_partition('churn', current_date)");
        await using var connection = await database.DataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var command = connection.CreateCommand();
        command.CommandText =
            $"""
            INSERT INTO scoring.churn_predictions (customer_id, run_id, chunk_no, planned_on{(source.AnyCursor is null ? "" : ", source_cursor")})
            SELECT -number, 0, 0, current_date{(source.AnyCursor is null ? "" : $", {source.AnyCursor}")} FROM generate_series(1, {Ballast}) AS number
            """;
        await command.ExecuteNonQueryAsync();
        await transaction.RollbackAsync();
        Assert.That(
            await database.ScalarAsync<long>("SELECT max(pg_relation_size(inhrelid)) FROM pg_inherits WHERE inhparent = 'scoring.churn_predictions'::regclass"),
            Is.GreaterThan(Bytes));
    }

    public Task FillAsync(TestDatabase database) => LimitAsync(database, Bytes.ToString(CultureInfo.InvariantCulture));

    public Task FreeAsync(TestDatabase database) => LimitAsync(database, "unlimited");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    // The server's first process hands its limit on to those that it starts, which come and go.
    private async Task LimitAsync(TestDatabase database, string limit)
    {
        var first = File.ReadLines(Path.Combine(server.Folder, "data", "postmaster.pid")).First();
        var set = await ExternalProgram.RunAsync(Command(first, limit));
        Assert.That(set.Succeeded, Is.True, set.Errors);
        foreach (var session in await database.QueryAsync<int>("SELECT pid FROM pg_stat_activity WHERE datname = current_database()"))
            await ExternalProgram.RunAsync(Command(session.ToString(CultureInfo.InvariantCulture), limit));
    }

    // The hard limit stays, so that the server's own user can raise the soft one again.
    private IReadOnlyList<string> Command(string process, string limit) => user.Command("prlimit", "--pid", process, $"--fsize={limit}:");
}

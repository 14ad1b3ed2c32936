using Dapper;
using Npgsql;

namespace BatchScorer.Tests.Faults;

/// <summary>How somebody writes to the source while runs go on.</summary>
internal enum WriterKind
{
    /// <summary>Writes at once and commits a while later, so that writers commit out of the order of their cursors.</summary>
    CommitsLate,

    /// <summary>Begins, and writes a while later.</summary>
    WritesLate,

    /// <summary>Prepares, and commits a while later.</summary>
    Prepares,

    /// <summary>Changes the same rows again and again.</summary>
    ChangesTheSame,

    /// <summary>Writes and takes it back.</summary>
    RollsBack,
}

/// <summary>Writers that change rows of the source until they are told to stop. No two write to the same row.</summary>
internal sealed class Writers : IAsyncDisposable
{
    private const int MostWriters = 8;

    // Customers that are not there in the beginning.
    private const int NewRows = 200;
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(400);

    private readonly FaultedJob job;
    private readonly CancellationTokenSource stop = new();
    private readonly Task[] writing;

    public Writers(FaultedJob job, IReadOnlyList<WriterKind> kinds, int seed)
    {
        this.job = job;
        writing = [.. kinds.Select((kind, i) => Task.Run(() => WriteAsync(kind, i, new Random(seed + i))))];
    }

    /// <summary>Lets each end what it has begun.</summary>
    public async Task StopAsync()
    {
        await stop.CancelAsync();
        await Task.WhenAll(writing);
        await CommitPreparedAsync("");
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        stop.Dispose();
    }

    private async Task WriteAsync(WriterKind kind, int number, Random random)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await CommitPreparedAsync(Prefix(number));
                await using var connection = await job.Database.DataSource.OpenConnectionAsync();
                await TransactAsync(connection, kind, number, random);
            }
            catch (NpgsqlException lost) when (FaultedJob.IsLoss(lost) || lost.SqlState is PostgresErrorCodes.DiskFull)
            {
                job.Database.DataSource.Clear();
            }

            await PauseAsync(random);
        }
    }

    private async Task TransactAsync(NpgsqlConnection connection, WriterKind kind, int number, Random random)
    {
        await connection.ExecuteAsync("BEGIN; SELECT now()");
        if (kind is WriterKind.WritesLate)
            await PauseAsync(random);
        for (var change = random.Next(1, 8); change > 0; change--)
            await connection.ExecuteAsync("SELECT become(@customer, @golden)", new { customer = Customer(kind, number, random), golden = Golden(random) });
        if (kind is WriterKind.CommitsLate)
            await PauseAsync(random);
        if (kind is not WriterKind.Prepares)
        {
            await connection.ExecuteAsync(kind is WriterKind.RollsBack ? "ROLLBACK WORK" : "COMMIT WORK");
            return;
        }

        var name = $"{Prefix(number)}{random.Next()}";
        await connection.ExecuteAsync($"PREPARE TRANSACTION '{name}'");
        await PauseAsync(random);
        await connection.ExecuteAsync($"COMMIT PREPARED '{name}'");
    }

    // A restart of the server comes between the two steps, and leaves the rows locked.
    private async Task CommitPreparedAsync(string prefix)
    {
        foreach (var prepared in await job.QueryAsync<string>(
            "SELECT gid FROM pg_prepared_xacts WHERE database = current_database() AND starts_with(gid, @prefix)", new { prefix }))
            await job.QueryAsync<int>($"COMMIT PREPARED '{prepared}'");
    }

    private string Prefix(int number) => $"{job.Database.Name}_{number}_";

    private static long Customer(WriterKind kind, int number, Random random) =>
        Runs.CustomersTable.FirstId + number + (MostWriters * random.Next(kind is WriterKind.ChangesTheSame ? 3 : (FaultServer.Rows + NewRows) / MostWriters));

    // One in twenty cannot be scored.
    private static long? Golden(Random random) => random.Next(20) == 0 ? null : Runs.CustomersTable.FirstId + random.Next(FaultServer.Rows);

    private static Task PauseAsync(Random random) => Task.Delay(LongestPause * random.NextDouble());
}

using BatchScorer.Postgres.Private;
using BatchScorer.Tests.Postgres;
using BatchScorer.Tests.Runs;

namespace BatchScorer.Tests.Faults;

/// <summary>A server that scenarios break one after the other, each in a database of its own.</summary>
internal sealed class FaultServer : IAsyncDisposable
{
    /// <summary>Rows of the source at the beginning.</summary>
    public const int Rows = 2000;

    private const int MostRestarts = 30;
    private static readonly TimeSpan RestartAgain = TimeSpan.FromSeconds(1);

    // A restart must not lose what was committed. The machine does not crash, so nothing has to be flushed to the disk for that.
    private static readonly Dictionary<string, string> Settings = new()
    {
        ["fsync"] = "off",
        ["log_disconnections"] = "on",
        ["log_line_prefix"] = "%m [%p] %a: ",
    };

    // A sequence writes its next numbers to the log in advance, some at a time. A copied one believes that this has been done, so that
    // after a crash it gives numbers again that rows have already: no cursor that grows any more.
    private const string MakeSequenceSafe = "SELECT setval('changes', (SELECT max(change_no) FROM customers))";

    private readonly TestServer server;
    private readonly ServerUser user;
    private readonly SemaphoreSlim restarting = new(1);
    private readonly Dictionary<SourceKind, string> templates = [];
    private string source = "";

    private FaultServer(TestServer server, ServerUser user)
    {
        this.server = server;
        this.user = user;
    }

    /// <summary>What can leave its databases without room; null where nothing can.</summary>
    public IScarceDisk? Disk { get; private set; }

    public long LogLength => new FileInfo(server.LogFile).Length;

    /// <summary>Starts one.</summary>
    /// <param name="mayMount">Whether its small disk may be one that is mounted; otherwise it is a limit on the size of its files.</param>
    public static async Task<FaultServer> StartAsync(bool mayMount)
    {
        var started = await TestServer.StartAsync(await ServerPrograms.FindAsync(CancellationToken.None), durable: true, Settings);
        var server = new FaultServer(started, await ServerUser.FindAsync(CancellationToken.None));
        try
        {
            server.Disk = (mayMount ? await SmallDisk.MountAsync(started, server.user) : null) ?? (IScarceDisk?)FileSizeLimit.Find(started, server.user);
            await server.MakeSourceAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>A new database with the source, the job's tables, the reference and the invariants.</summary>
    public async Task<TestDatabase> CreateDatabaseAsync(SourceKind kind, bool onSmallDisk)
    {
        var faulted = FaultedSource.Of(kind);
        if (!templates.TryGetValue(kind, out var template))
            templates[kind] = template = await MakeTemplateAsync(faulted);
        var database = onSmallDisk ? await server.CreateDatabaseAsync(template, Disk!.Tablespace) : await server.CreateDatabaseAsync(template);
        await database.ExecuteAsync(MakeSequenceSafe);
        if (onSmallDisk)
            await Disk!.PrepareAsync(database, faulted);
        return database;
    }

    /// <summary>Ends every session as a crash would, recovers, and is back under the same address.</summary>
    public async Task RestartAsync()
    {
        await restarting.WaitAsync();
        try
        {
            var log = LogLength;
            // While it is away anybody's connection may be given its port, for as long as that lasts.
            for (var attempt = 1; !await TryRestartAsync(); attempt++)
            {
                Assert.That(attempt, Is.LessThan(MostRestarts), await LogSinceAsync(log));
                await Task.Delay(RestartAgain);
            }

            server.ForgetConnections();
        }
        finally
        {
            restarting.Release();
        }
    }

    private async Task<bool> TryRestartAsync() => (await ExternalProgram.RunAsync(user.Command(
        server.Programs.PgCtl, "restart", "-D", Path.Combine(server.Folder, "data"), "-l", server.LogFile, "-m", "immediate", "-w", "-s"), server.Folder)).Succeeded;

    /// <summary>What the server has logged since its log had a length.</summary>
    public async Task<string> LogSinceAsync(long length)
    {
        await using var log = new FileStream(server.LogFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        log.Position = length;
        return await new StreamReader(log).ReadToEndAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (Disk is not null)
            await Disk.DisposeAsync();
        await server.DisposeAsync();
        restarting.Dispose();
    }

    private static string Sql(string file) => File.ReadAllText(Repository.PathTo($"BatchScorer.Tests/Faults/{file}"));

    private async Task MakeSourceAsync()
    {
        var database = await server.CreateDatabaseAsync();
        await CustomersTable.CreateAsync(database, Rows);
        await database.ExecuteAsync(Sql("Source.sql"));
        database.DataSource.Clear();
        foreach (var model in new[] { "model.zip", "model-v2.zip" })
            await AddReferenceAsync(database, model);
        source = database.Name;
    }

    private async Task<string> MakeTemplateAsync(FaultedSource faulted)
    {
        var database = await server.CreateDatabaseAsync(source);
        await using (var job = await TestJob.CreateAsync(database, "churn", faulted.Source, faulted.Query))
        {
            job.Definition = FaultedJob.Define(faulted);
            await job.AppliedAsync();
        }

        await database.ExecuteAsync(faulted.Sql);
        await database.ExecuteAsync(Sql("Invariants.sql"));
        database.DataSource.Clear();
        return database.Name;
    }

    /// <summary>Scores the golden rows where nobody disturbs.</summary>
    private async Task AddReferenceAsync(TestDatabase database, string model)
    {
        await using var quiet = await server.CreateDatabaseAsync(database.Name);
        await using var job = await TestJob.CreateAsync(quiet, "churn", CustomersTable.Source with { Table = new("public", "golden"), Cursor = null });
        job.Job = job.Job with { ModelFile = Path.Combine(Path.GetDirectoryName(job.Job.ModelFile)!, model) };
        await job.AppliedAsync();
        await job.RunAsync();
        var reference = await quiet.QueryAsync<(string Model, long Id, float Score)>("SELECT model_sha256, customer_id, score FROM scoring.job_predictions JOIN scoring.runs USING (run_id)");
        if (model == "model.zip")
            Assert.That(reference.Select(row => (row.Id, row.Score)), Is.EquivalentTo(CustomersTable.ExpectedScores(Rows)), "the undisturbed run gives ML.NET's scores");
        await database.ExecuteAsync(
            "INSERT INTO reference SELECT * FROM unnest(@models, @ids, @scores)",
            new { models = reference.Select(row => row.Model).ToArray(), ids = reference.Select(row => row.Id).ToArray(), scores = reference.Select(row => row.Score).ToArray() });
        database.DataSource.Clear();
    }
}

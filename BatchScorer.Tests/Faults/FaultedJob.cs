using System.Globalization;
using System.Text.Json;
using BatchScorer.Jobs;
using BatchScorer.Scheduling;
using BatchScorer.Tests.Postgres;
using BatchScorer.Tests.Processes;
using BatchScorer.Tests.Runs;
using Npgsql;

namespace BatchScorer.Tests.Faults;

/// <summary>A job in a database of its own and a folder of job files, and the processes that run it.</summary>
internal sealed class FaultedJob : IAsyncDisposable
{
    private const string ModelFile = "model.zip";
    private const int RestartPatience = 100;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("batchscorer-faults-");

    private FaultedJob(FaultServer server, TestDatabase database)
    {
        Server = server;
        Database = database;
    }

    public FaultServer Server { get; }

    public TestDatabase Database { get; }

    private string JobFile => Path.Combine(folder.FullName, "churn.json");

    /// <summary>Small chunks that have two seconds each.</summary>
    public static JobDefinition Define(FaultedSource source) => new()
    {
        Name = "churn",
        Source = source.Source,
        Model = new JobModel { Path = ModelFile },
        Carry = ["golden_id"],
        Work = new JobWork { ChunkRows = 250 },
        Limits = new JobLimits { RejectedShare = 1, ChunkTime = TimeSpan.FromSeconds(2) },
    };

    public static async Task<FaultedJob> CreateAsync(FaultServer server, SourceKind kind, bool onSmallDisk)
    {
        var source = FaultedSource.Of(kind);
        var job = new FaultedJob(server, await server.CreateDatabaseAsync(kind, onSmallDisk));
        await File.WriteAllTextAsync(job.JobFile, JsonSerializer.Serialize(Define(source), JobJson.Options));
        if (source.Query is not null)
            await File.WriteAllTextAsync(Path.Combine(job.folder.FullName, FaultedSource.QueryFile), source.Query);
        job.UseModel("model.zip");
        return job;
    }

    /// <summary>Puts a model where the job file says it is.</summary>
    public void UseModel(string file) => File.Copy(
        Path.Combine(Path.GetDirectoryName(TestJob.GoldenModel("churn"))!, file), Path.Combine(folder.FullName, ModelFile), overwrite: true);

    /// <summary>Starts a process.</summary>
    /// <param name="name">The name of its sessions.</param>
    /// <param name="proxy">Its network, or null for the server itself.</param>
    /// <param name="checkpoint">Where it is to be held, or null.</param>
    /// <param name="arguments">Its command line.</param>
    public ScoringProcess Start(string name, Proxy? proxy, string? checkpoint, params string[] arguments) =>
        ScoringProcess.Start(ConnectionString(name, proxy), folder.FullName, checkpoint, arguments);

    /// <summary>Gives the job a schedule, for <see cref="Serve"/>.</summary>
    /// <param name="every">How often it is due.</param>
    /// <param name="chunkTime">How long a chunk may take.</param>
    public async Task ScheduleAsync(TimeSpan every, TimeSpan chunkTime)
    {
        await using (var opened = await BatchScorer.Postgres.Database.OpenAsync(Database.ConnectionString, CancellationToken.None))
            await QuartzTables.ApplyAsync(opened, CancellationToken.None);
        var definition = Define(FaultedSource.Of(SourceKind.Table));
        await File.WriteAllTextAsync(JobFile, TestJob.FileOf(definition with
        {
            Schedule = new JobSchedule { Every = every },
            Limits = definition.Limits with { ChunkTime = chunkTime },
        }));
    }

    /// <summary>Starts a process that serves the job.</summary>
    /// <param name="name">The name of its sessions.</param>
    /// <param name="checkpoint">Where it is to be held, or null.</param>
    /// <param name="settings">How it serves.</param>
    public ScoringProcess Serve(string name, string? checkpoint, IEnumerable<KeyValuePair<string, string?>> settings) =>
        ScoringProcess.Start(ConnectionString(name, null), folder.FullName, checkpoint, settings, "serve");

    /// <summary>The settings with which a command works on the job.</summary>
    /// <param name="name">The name of its sessions.</param>
    public IReadOnlyDictionary<string, string> EnvironmentOf(string name) => ScoringProcess.EnvironmentOf(ConnectionString(name, null), folder.FullName);

    public Proxy CreateProxy() => new(new NpgsqlConnectionStringBuilder(Database.ConnectionString).Port);

    private string ConnectionString(string name, Proxy? proxy)
    {
        var settings = new NpgsqlConnectionStringBuilder(Database.ConnectionString) { ApplicationName = name };
        settings.Port = proxy?.Port ?? settings.Port;
        return settings.ConnectionString;
    }

    /// <summary>Queries, and tries again while the server is away.</summary>
    public async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? parameters = null)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await Database.QueryAsync<T>(sql, parameters);
            }
            catch (NpgsqlException fault) when (attempt < RestartPatience && IsLoss(fault))
            {
                Database.DataSource.Clear();
                await Task.Delay(50);
            }
        }
    }

    /// <summary>Whether the connection is what was lost, and not the statement what is wrong.</summary>
    public static bool IsLoss(NpgsqlException fault) => fault is not PostgresException { SqlState: var state } || state.StartsWith("57P", StringComparison.Ordinal);

    /// <summary>The server's processes that serve a process, and the readers of all of them, which have one name.</summary>
    public Task<IReadOnlyList<int>> SessionsAsync(string name) => QueryAsync<int>(
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND (application_name = @name OR application_name LIKE 'batchscorer%')", new { name });

    /// <summary>Whether a process has reached the server.</summary>
    public async Task<bool> IsConnectedAsync(string name) =>
        (await QueryAsync<bool>("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = @name)", new { name })).Single();

    /// <summary>The number of the run that has begun and not ended, or null.</summary>
    public async Task<string?> OpenRunAsync() =>
        (await QueryAsync<long>("SELECT run_id FROM scoring.runs WHERE state IN ('planned', 'running', 'failed', 'cancelled')"))
        .Select(run => run.ToString(CultureInfo.InvariantCulture)).FirstOrDefault();

    /// <summary>The state of a run.</summary>
    public async Task<string> StateAsync(string run) =>
        (await QueryAsync<string>("SELECT state FROM scoring.runs WHERE run_id = @run::bigint", new { run })).Single();

    public async ValueTask DisposeAsync()
    {
        await QueryAsync<int>("SELECT 1");
        await Database.DisposeAsync();
        folder.Delete(recursive: true);
    }
}

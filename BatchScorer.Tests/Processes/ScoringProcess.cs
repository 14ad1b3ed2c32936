using System.Diagnostics;
using System.Globalization;
using System.Text;
using BatchScorer.Checkpoints;
using BatchScorer.Cli.Hosting;
using BatchScorer.Postgres.Private;
using BatchScorer.Tests.Postgres;

namespace BatchScorer.Tests.Processes;

/// <summary>The real program as a process of its own, working on a test's database. Disposing it kills it.</summary>
internal sealed class ScoringProcess : IAsyncDisposable
{
    // One that hangs hangs for ever; on a machine that is busy everything takes its time.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    // The program compiles for runs of many rows; a process that lives for a second starts twice as fast so.
    private static readonly Dictionary<string, string> QuickStart = new()
    {
        ["DOTNET_TieredCompilation"] = "1",
        ["DOTNET_TieredPGO"] = "0",
        ["DOTNET_EnableWriteXorExecute"] = "0",
    };

    // A published program, of which less has to be compiled when it starts; without it, the one that the tests are built with.
    private const string Published = "FAULT_PROGRAM";

    private readonly Process process;
    private readonly StringBuilder errors = new();
    private readonly TaskCompletionSource held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task listening;

    private ScoringProcess(Process process)
    {
        this.process = process;
        Id = process.Id;
        listening = Task.WhenAll(ListenAsync(), process.StandardOutput.ReadToEndAsync());
    }

    public int Id { get; }

    /// <summary>What it has written to standard error so far.</summary>
    public string Errors
    {
        get
        {
            lock (errors)
                return errors.ToString();
        }
    }

    /// <summary>Starts the program.</summary>
    /// <param name="connectionString">Its database.</param>
    /// <param name="jobsFolder">Its job files, and their query files.</param>
    /// <param name="checkpoint">Where it is to be held, in the form of <see cref="Checkpoint.Variable"/>; null for nowhere.</param>
    /// <param name="arguments">Its command line.</param>
    public static ScoringProcess Start(string connectionString, string jobsFolder, string? checkpoint, params string[] arguments) =>
        Start(connectionString, jobsFolder, checkpoint, settings: [], arguments);

    /// <inheritdoc cref="Start(string, string, string?, string[])"/>
    /// <param name="connectionString">Its database.</param>
    /// <param name="jobsFolder">Its job files.</param>
    /// <param name="checkpoint">Where it is to be held, in the form of <see cref="Checkpoint.Variable"/>; null for nowhere.</param>
    /// <param name="settings">Further settings, such as <c>BatchScorer:Cluster</c>.</param>
    /// <param name="arguments">Its command line.</param>
    public static ScoringProcess Start(
        string connectionString, string jobsFolder, string? checkpoint, IEnumerable<KeyValuePair<string, string?>> settings, params string[] arguments)
    {
        var folder = TestContext.CurrentContext.TestDirectory;
        // Processes in the background of a shell ignore SIGINT, and hand that on; env sets it right, and then becomes the program.
        var start = new ProcessStartInfo(
            "env",
            ["--default-signal=INT", Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? ExternalProgram.FindOnPath("dotnet")!, "exec", Environment.GetEnvironmentVariable(Published) ?? Path.Combine(folder, "batchscorer.dll"), .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (variable, value) in EnvironmentOf(connectionString, jobsFolder).Concat(QuickStart))
            start.Environment[variable] = value;
        foreach (var (setting, value) in settings)
            start.Environment[ProgramEnvironment.VariableOf(setting)] = value;
        if (checkpoint is not null)
            start.Environment[Checkpoint.Variable] = checkpoint;
        return new ScoringProcess(Process.Start(start)!);
    }

    /// <summary>The settings of a program that works on a database, with its jobs and their queries in one folder.</summary>
    public static IReadOnlyDictionary<string, string> EnvironmentOf(string connectionString, string jobsFolder) => new Dictionary<string, string>
    {
        [ProgramEnvironment.VariableOf(ConnectionSetting.Path)] = connectionString,
        [ProgramEnvironment.VariableOf($"{BatchScorerSettings.Section}:{nameof(BatchScorerSettings.JobsFolder)}")] = jobsFolder,
        [ProgramEnvironment.VariableOf($"{BatchScorerSettings.Section}:{nameof(BatchScorerSettings.SourcesFolder)}")] = jobsFolder,
    };

    /// <inheritdoc cref="Start(string, string, string?, string[])"/>
    public static ScoringProcess Start(TestDatabase database, string jobsFolder, string? checkpoint, params string[] arguments) =>
        Start(database.ConnectionString, jobsFolder, checkpoint, arguments);

    public bool HasExited => process.HasExited;

    /// <summary>Waits until it is held at its checkpoint.</summary>
    public async Task HeldAsync() => Assert.That(await ComesToHoldAsync(), Is.True, $"The process ended before its checkpoint: {Errors}");

    /// <summary>Waits until it is held at its checkpoint, or has ended without coming to it.</summary>
    /// <returns>Whether it is held.</returns>
    public async Task<bool> ComesToHoldAsync() => await Task.WhenAny(held.Task, listening).WaitAsync(Patience) == held.Task;

    /// <summary>Lets a process that is held go on.</summary>
    public async Task ReleaseAsync()
    {
        await process.StandardInput.WriteLineAsync();
        await process.StandardInput.FlushAsync();
    }

    /// <summary>Sends a signal by its name, such as <c>STOP</c>.</summary>
    public async Task SignalAsync(string signal)
    {
        var sent = await ExternalProgram.RunAsync(["kill", $"-{signal}", Id.ToString(CultureInfo.InvariantCulture)]);
        Assert.That(sent.Succeeded, Is.True, sent.Errors);
    }

    /// <summary>Waits until it has ended.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> EndAsync()
    {
        await process.WaitForExitAsync().WaitAsync(Patience);
        await listening;
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            process.Kill();
        await EndAsync();
        await TestContext.Out.WriteLineAsync($"Process {Id}:\n{Errors}");
        process.Dispose();
    }

    private async Task ListenAsync()
    {
        while (await process.StandardError.ReadLineAsync() is { } line)
        {
            lock (errors)
                errors.AppendLine(line);
            if (line.StartsWith("checkpoint ", StringComparison.Ordinal))
                held.TrySetResult();
        }
    }
}

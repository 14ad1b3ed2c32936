using System.CommandLine;
using BatchScorer.Cli.Hosting;
using BatchScorer.Cli.Printing;
using BatchScorer.Errors;
using BatchScorer.Postgres;
using BatchScorer.Postgres.Migrations;

namespace BatchScorer.Cli;

/// <summary>What commands share: where they print, the options of the same meaning, and how their faults end.</summary>
internal sealed class CommandContext(Terminal terminal, ProgramEnvironment environment, StopRequest stop)
{
    private readonly Option<OutputFormat> output = CreateOutput();
    private readonly Option<bool> json = new("--json") { Description = "Short for --output json." };

    public Terminal Terminal { get; } = terminal;

    public ProgramEnvironment Environment { get; } = environment;

    /// <summary>The folder of the job files.</summary>
    public Option<string?> Jobs { get; } = new("--jobs")
    {
        Description = "The folder of the job files, instead of the one in the settings (BatchScorer:JobsFolder).",
        HelpName = "FOLDER",
    };

    /// <summary>Gives a command the options of how its result is printed.</summary>
    public void AddOutput(Command command)
    {
        command.Add(output);
        command.Add(json);
    }

    /// <summary>Runs a command that needs no database, or perhaps one.</summary>
    public Task<int> RunAsync(ParseResult parse, Func<ProgramHost, Task<ExitCode>> command) =>
        RunAsync(() => Task.FromResult(ProgramHost.Build(Environment, Overrides(parse))), command);

    /// <summary>Runs a command on the configured database, whose schema has to be up to date.</summary>
    public Task<int> RunOnDatabaseAsync(ParseResult parse, Func<ProgramHost, Task<ExitCode>> command, CancellationToken cancellationToken) =>
        RunOnAnyDatabaseAsync(parse, async host =>
        {
            await new Migrator().CheckAsync(host.Get<Database>().Writers, cancellationToken);
            return await command(host);
        }, cancellationToken);

    /// <summary>Runs a command on the configured database, whatever is in it.</summary>
    public Task<int> RunOnAnyDatabaseAsync(ParseResult parse, Func<ProgramHost, Task<ExitCode>> command, CancellationToken cancellationToken) =>
        RunAsync(() => ProgramHost.ConnectAsync(Environment, Overrides(parse), cancellationToken), command);

    /// <summary>Runs a command that runs jobs on their schedules; the database's schema has to be up to date.</summary>
    public Task<int> ServeAsync(ParseResult parse, Func<ProgramHost, Task<ExitCode>> command, CancellationToken cancellationToken) =>
        RunAsync(() => ProgramHost.ConnectAsync(Environment, Overrides(parse), serves: true, cancellationToken), async host =>
        {
            await new Migrator().CheckAsync(host.Get<Database>().Writers, cancellationToken);
            return await command(host);
        });

    /// <summary>Prints a result for programs, or for people.</summary>
    public void Print<T>(ParseResult parse, T result, Action printText)
    {
        if (parse.GetValue(json) || parse.GetValue(output) is OutputFormat.Json)
            JsonOutput.Write(Terminal.Results, result);
        else
            printText();
    }

    /// <summary>The settings that the command line gives.</summary>
    public Dictionary<string, string?> Overrides(ParseResult parse) => parse.GetValue(Jobs) is { } folder
        ? new() { [$"{BatchScorerSettings.Section}:{nameof(BatchScorerSettings.JobsFolder)}"] = Path.GetFullPath(folder, Environment.WorkingFolder) }
        : [];

    private async Task<int> RunAsync(Func<Task<ProgramHost>> open, Func<ProgramHost, Task<ExitCode>> command)
    {
        ProgramHost? host = null;
        try
        {
            host = await open();
            return (int)await command(host);
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            return (int)stop.ExitCode;
        }
        catch (Exception fault)
        {
            var report = FaultReport.Of(fault);
            Terminal.Progress.WriteLine(report.Message);
            if (host is not null)
                HostLogs.CommandFailed(host.Logger, fault);
            return (int)(stop.Token.IsCancellationRequested ? stop.ExitCode : report.ExitCode);
        }
        finally
        {
            if (host is not null)
                await host.DisposeAsync();
        }
    }

    private static Option<OutputFormat> CreateOutput()
    {
        var option = new Option<OutputFormat>("--output", "-o")
        {
            Description = "How to print the result: text, or json for programs. Default: text.",
            HelpName = "text|json",
        };
        option.AcceptOnlyFromAmong(StringComparer.OrdinalIgnoreCase, "text", "json");
        return option;
    }
}

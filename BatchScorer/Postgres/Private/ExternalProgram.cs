using System.ComponentModel;
using System.Diagnostics;

namespace BatchScorer.Postgres.Private;

/// <summary>How a program ended.</summary>
/// <param name="ExitCode">0 for success.</param>
/// <param name="Output">What it wrote to its standard output, trimmed.</param>
/// <param name="Errors">What it wrote to its standard error, trimmed.</param>
internal sealed record ProgramResult(int ExitCode, string Output, string Errors)
{
    public bool Succeeded => ExitCode == 0;
}

/// <summary>Runs the programs of others and collects what they say.</summary>
internal static class ExternalProgram
{
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Runs a command to its end, with an empty standard input and messages in English. Cancelling kills it and its children.
    /// </summary>
    /// <param name="command">The program, by path or by its name on the PATH, and its arguments.</param>
    /// <param name="folder">The folder it works in: null for this process's own.</param>
    /// <exception cref="Win32Exception">There is no such program, or it may not be run.</exception>
    public static async Task<ProgramResult> RunAsync(
        IReadOnlyList<string> command, string? folder = null, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var process = Start(command, folder);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        // On Windows a server that the program leaves behind inherits these pipes and keeps them open.
        await Task.WhenAny(Task.WhenAll(output, errors), Task.Delay(LastWords, CancellationToken.None));
        return new ProgramResult(process.ExitCode, Said(output), Said(errors));
    }

    /// <summary>Starts a command with all three standard streams redirected.</summary>
    /// <exception cref="Win32Exception">There is no such program, or it may not be run.</exception>
    public static Process Start(IReadOnlyList<string> command, string? folder = null)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            WorkingDirectory = folder ?? "",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["LC_ALL"] = "C";
        return Process.Start(start)!;
    }

    /// <summary>The full path of a program on the PATH, or null.</summary>
    public static string? FindOnPath(string name)
    {
        string[] endings = OperatingSystem.IsWindows() ? [".exe", ".cmd"] : [""];
        return SearchPath(Environment.GetEnvironmentVariable("PATH"))
            .SelectMany(entry => endings.Select(ending => Path.Combine(entry, name + ending)))
            .FirstOrDefault(File.Exists);
    }

    /// <summary>The folders of a PATH variable; relative and empty entries, which depend on where one stands, are left out.</summary>
    public static IEnumerable<string> SearchPath(string? path) =>
        (path ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(entry => entry.Trim('"'))
            .Where(Path.IsPathFullyQualified);

    private static string Said(Task<string> stream) => stream.IsCompletedSuccessfully ? stream.Result.Trim() : "";
}

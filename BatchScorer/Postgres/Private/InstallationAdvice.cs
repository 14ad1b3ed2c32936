namespace BatchScorer.Postgres.Private;

/// <summary>Tells how to install PostgreSQL on the machine at hand.</summary>
internal static class InstallationAdvice
{
    private const string OsReleaseFile = "/etc/os-release";

    // A distribution names itself first and then those it descends from, nearest first.
    private static readonly string[] NameKeys = ["ID=", "ID_LIKE="];

    public static string ForThisPlatform()
    {
        if (OperatingSystem.IsWindows())
            return Advice("winget install --exact --id PostgreSQL.PostgreSQL.17");
        if (OperatingSystem.IsMacOS())
            return Advice("brew install postgresql@17");
        return ForLinux(File.Exists(OsReleaseFile) ? File.ReadAllText(OsReleaseFile) : "");
    }

    /// <summary>The advice for a distribution.</summary>
    /// <param name="osRelease">The text of its <c>/etc/os-release</c>.</param>
    public static string ForLinux(string osRelease)
    {
        foreach (var distribution in Names(osRelease))
        {
            switch (distribution)
            {
                case "debian" or "ubuntu":
                    return Advice("sudo apt-get install postgresql");
                case "fedora" or "rhel" or "centos":
                    return Advice("sudo dnf install postgresql-server");
                case "alpine":
                    return Advice("apk add postgresql");
                case "arch":
                    return Advice("sudo pacman -S postgresql");
                case "suse" or "opensuse":
                    return Advice("sudo zypper install postgresql-server");
            }
        }

        return $"Install PostgreSQL {ServerRequirements.OldestMajor} or newer with this system's package manager (initdb, pg_ctl and postgres are needed), or put their folder on the PATH.";
    }

    private static IEnumerable<string> Names(string osRelease) =>
        from key in NameKeys
        from line in osRelease.Split('\n', StringSplitOptions.TrimEntries)
        where line.StartsWith(key, StringComparison.Ordinal)
        from name in line[key.Length..].Trim('"', '\'').Split(' ', StringSplitOptions.RemoveEmptyEntries)
        select name;

    private static string Advice(string command) => $"Install it with: {command}";
}

using System.Diagnostics;

namespace BatchScorer.Postgres.Private;

/// <summary>
/// Stops a private server and removes its folder when this process dies without doing so itself, for example by SIGKILL:
/// a shell that waits for the end of its standard input, which the system closes with this process.
/// There is none on Windows, where such a server stays until it is ended by hand.
/// </summary>
internal sealed class OrphanGuard : IDisposable
{
    // Ctrl-C reaches every process of the terminal, and this one has to outlast them.
    private const string Script = """
        trap '' INT HUP TERM QUIT
        exec >/dev/null 2>&1
        read -r released && exit 0
        "$1" stop -s -D "$2/data" -m immediate
        rm -rf "$2"
        """;

    private readonly Process? shell;

    private OrphanGuard(Process? shell) => this.shell = shell;

    /// <summary>Starts to watch over the server in a folder.</summary>
    public static OrphanGuard Start(ServerUser user, ServerPrograms programs, string folder)
    {
        if (OperatingSystem.IsWindows())
            return new OrphanGuard(null);

        // Where there is setsid, what kills this process's whole group does not reach the guard either.
        string[] session = ExternalProgram.FindOnPath("setsid") is { } setsid ? [setsid] : [];
        return new OrphanGuard(ExternalProgram.Start(user.Command([.. session, "/bin/sh", "-c", Script, "sh", programs.PgCtl, folder]), "/"));
    }

    /// <summary>Ends the watch: the server has been stopped and removed.</summary>
    public void Release()
    {
        try
        {
            shell?.StandardInput.WriteLine("released");
        }
        catch (IOException)
        {
            // The shell was killed, and there is nothing left to release.
        }
    }

    /// <summary>Without a release before it, does what this process's death would do.</summary>
    public void Dispose()
    {
        shell?.StandardInput.Dispose();
        shell?.Dispose();
    }
}

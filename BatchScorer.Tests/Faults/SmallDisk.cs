using System.Diagnostics;
using BatchScorer.Postgres.Private;
using BatchScorer.Tests.Postgres;

namespace BatchScorer.Tests.Faults;

/// <summary>A tablespace on a file system of its own with little room, which can be filled up. It takes the right to mount one.</summary>
internal sealed class SmallDisk : IScarceDisk
{
    private const string Room = "96m";

    // Waits for the end of its standard input, which the system closes with this process, however that ends.
    private const string Guard =
        """
        trap '' INT HUP TERM QUIT
        read -r _
        umount -l "$1"
        """;

    private readonly string folder;
    private readonly Process guard;

    private SmallDisk(string folder)
    {
        this.folder = folder;
        guard = ExternalProgram.Start(["/bin/sh", "-c", Guard, "sh", folder], "/");
    }

    public string Description => "a tmpfs of 96 MB";

    public string Tablespace => "small";

    public string Complaint => "No space left on device";

    private string Ballast => Path.Combine(folder, "ballast");

    /// <summary>Makes the tablespace, or null where nothing can be mounted.</summary>
    public static async Task<SmallDisk?> MountAsync(TestServer server, ServerUser user)
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
            return null;
        var folder = Path.Combine(server.Folder, "disk");
        Directory.CreateDirectory(folder);
        var mounted = await ExternalProgram.RunAsync(["mount", "-t", "tmpfs", "-o", $"size={Room}", "tmpfs", folder]);
        if (!mounted.Succeeded)
            return null;
        var disk = new SmallDisk(folder);
        var space = Directory.CreateDirectory(Path.Combine(folder, "space"));
        await user.OwnAsync(folder, CancellationToken.None);
        await server.ExecuteAsync($"CREATE TABLESPACE {disk.Tablespace} LOCATION '{space.FullName}'");
        return disk;
    }

    public Task PrepareAsync(TestDatabase database, FaultedSource source) => Task.CompletedTask;

    public Task FillAsync(TestDatabase database)
    {
        using var ballast = new FileStream(Ballast, FileMode.Create, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        var block = new byte[4096];
        try
        {
            while (true)
                ballast.Write(block);
        }
        catch (IOException)
        {
            // That is the end of the room.
        }

        return Task.CompletedTask;
    }

    public Task FreeAsync(TestDatabase database)
    {
        File.Delete(Ballast);
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        guard.StandardInput.Close();
        await guard.WaitForExitAsync();
        guard.Dispose();
    }
}

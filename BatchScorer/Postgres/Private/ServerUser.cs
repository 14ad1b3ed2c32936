using System.ComponentModel;
using BatchScorer.Errors;

namespace BatchScorer.Postgres.Private;

/// <summary>The user that the server's programs run as. PostgreSQL refuses to run as root, so root gives way to another user.</summary>
internal sealed class ServerUser
{
    private static readonly string[] Users = ["postgres", "_postgres", "nobody"];

    private readonly string? name;
    private readonly IReadOnlyList<string> prefix;

    private ServerUser(string? name, IReadOnlyList<string> prefix)
    {
        this.name = name;
        this.prefix = prefix;
    }

    /// <summary>This process's own user, or for root the first of <c>postgres</c> and <c>nobody</c> that can be taken on.</summary>
    /// <exception cref="BatchScorerException">This process is root's and can take on no other user.</exception>
    public static async Task<ServerUser> FindAsync(CancellationToken cancellationToken)
    {
        // On Windows the programs give up an administrator's rights by themselves.
        if (OperatingSystem.IsWindows() || !Environment.IsPrivilegedProcess)
            return new ServerUser(null, []);

        foreach (var name in Users)
        {
            if (await OutputAsync(["id", "-u", name], cancellationToken) is not { } user
                || await OutputAsync(["id", "-g", name], cancellationToken) is not { } group)
                continue;
            foreach (var prefix in Prefixes(name, user, group))
            {
                if (await OutputAsync([.. prefix, "id", "-u"], cancellationToken) == user)
                    return new ServerUser(name, prefix);
            }
        }

        throw new BatchScorerException(
            ExitCode.Unavailable,
            "PostgreSQL does not run as root, and neither setpriv, runuser, su-exec nor sudo can start it as the user postgres or nobody: "
            + "run this command as an ordinary user, or install util-linux.");
    }

    /// <summary>The command that does the same as this user, from this process.</summary>
    public IReadOnlyList<string> Command(params IEnumerable<string> command) => [.. prefix, .. command];

    /// <summary>Gives a folder and what is in it to this user.</summary>
    public async Task OwnAsync(string folder, CancellationToken cancellationToken)
    {
        if (name is null)
            return;
        var result = await ExternalProgram.RunAsync(["chown", "-R", name, folder], cancellationToken: cancellationToken);
        if (!result.Succeeded)
            throw new BatchScorerException(ExitCode.Unavailable, $"The folder {folder} cannot be given to the user {name}, as whom PostgreSQL is to run: {result.Errors}");
    }

    private static string[][] Prefixes(string name, string user, string group) =>
    [
        ["setpriv", "--reuid", user, "--regid", group, "--clear-groups", "--"],
        ["runuser", "-u", name, "--"],
        ["su-exec", name],
        ["sudo", "-n", "-u", name, "--"],
    ];

    private static async Task<string?> OutputAsync(IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        try
        {
            var result = await ExternalProgram.RunAsync(command, cancellationToken: cancellationToken);
            return result.Succeeded ? result.Output : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}

using System.CommandLine;
using BatchScorer.Errors;
using BatchScorer.Postgres;
using BatchScorer.Scheduling;

namespace BatchScorer.Cli;

/// <summary><c>serve</c>: runs jobs on their schedules until it is told to stop.</summary>
internal static class ServeCommand
{
    public static Command Create(CommandContext context)
    {
        var command = new DescribedCommand("serve", "Run jobs on their schedules, alone or with other nodes on the same database, until SIGTERM or Ctrl-C.", "serve", "serve --jobs /etc/batchscorer/jobs") { context.Jobs };
        command.SetAction((parse, cancellationToken) => context.ServeAsync(parse, async host =>
        {
            if (host.Settings.Cluster)
                await QuartzTables.CheckAsync(host.Get<Database>(), cancellationToken);
            // A service that was told to stop, and has, is done: so systemd and Kubernetes see it.
            return await host.ServeAsync(cancellationToken) ? ExitCode.Done : ExitCode.Failed;
        }, cancellationToken));
        return command;
    }
}

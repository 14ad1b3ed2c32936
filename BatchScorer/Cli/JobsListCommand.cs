using System.CommandLine;
using BatchScorer.Cli.Printing;
using BatchScorer.Errors;
using BatchScorer.Jobs;
using BatchScorer.Jobs.Json;

namespace BatchScorer.Cli;

/// <summary><c>jobs list</c>: the jobs of the folder, and what is wrong with files that are none.</summary>
internal static class JobsListCommand
{
    public static Command Create(CommandContext context)
    {
        var command = new DescribedCommand("list", "List the jobs.", "jobs list", "jobs list --jobs /srv/jobs --output json") { context.Jobs };
        context.AddOutput(command);
        command.SetAction((parse, _) => context.RunAsync(parse, host =>
        {
            var catalog = host.ReadJobs();
            var listed = catalog.Jobs.Select(ListedJob.Of).ToList();
            context.Print(parse, listed, () => Print(listed, host.JobsFolder, context.Terminal));
            return Task.FromResult(Report(catalog.Faults, context.Terminal.Progress));
        }));
        return command;
    }

    private static void Print(List<ListedJob> jobs, string folder, Terminal terminal)
    {
        if (jobs.Count == 0)
        {
            terminal.Results.WriteLine($"There are no jobs in {folder}.");
            return;
        }

        var table = new TextTable("job", "source", "rows", "model", "schedule", "description");
        foreach (var job in jobs)
            table.Add(job.Name, job.Source, job.Mode, job.Model, job.Schedule ?? "-", job.Description);
        table.Print(terminal.ResultsConsole);
    }

    private static ExitCode Report(IReadOnlyList<FileFault> faults, TextWriter writer)
    {
        foreach (var fault in faults)
            writer.WriteLine(fault);
        return faults.Count == 0 ? ExitCode.Done : ExitCode.BadConfiguration;
    }

    private sealed record ListedJob(string Name, string? Description, string Source, string Mode, string Model, string? Schedule)
    {
        public static ListedJob Of(Job job)
        {
            var (definition, source) = (job.Definition, job.Definition.Source);
            return new(
                job.Name,
                definition.Description,
                source.Table is { } table ? $"{table.Schema}.{table.Name}" : source.Query!,
                source.Mode.ToString().ToLowerInvariant(),
                definition.Model.Path ?? definition.Model.Reference()!.ToString(),
                definition.Schedule?.ToString());
        }
    }
}

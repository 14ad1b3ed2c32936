using System.CommandLine;
using BatchScorer.Cli.Hosting;
using BatchScorer.Cli.Printing;
using BatchScorer.Errors;
using BatchScorer.Exchange.Csv;
using BatchScorer.Jobs;
using BatchScorer.Training.Data;

namespace BatchScorer.Cli;

/// <summary><c>train JOB</c>: writes the data set of a job's model.</summary>
internal static class TrainCommand
{
    public static Command Create(CommandContext context)
    {
        var job = JobArgument.Create(context);
        var from = Instants.Option("--from", "Only labels from this time on: a date, or an ISO 8601 instant (UTC where no offset is given).");
        var to = Instants.Option("--to", "Only labels before this time.");
        var data = new Option<string>("--out")
        {
            Description = "The CSV file to write, or - for standard output. It is there when all of it is written.",
            HelpName = "FILE|-",
            Required = true,
        };
        var command = new DescribedCommand("train", "Write the rows that a job has scored, as they were scored, with what is known of them by now.",
            "train churn --out data.csv", "train churn --from 2026-03-01 --to 2026-06-01 --out -")
        { job, from, to, data, context.Jobs };
        context.AddOutput(command);
        command.SetAction((parse, cancellationToken) => context.RunOnDatabaseAsync(parse, async host =>
        {
            var found = host.ReadJobs().Find(parse.GetRequiredValue(job));
            var range = new LabelRange(parse.GetValue(from)?.UtcDateTime, parse.GetValue(to)?.UtcDateTime);
            var path = parse.GetRequiredValue(data);
            var written = await OutputFile.TellingAsync(() => WriteAsync(context, host, found, range, path, cancellationToken));
            if (path == OutputFile.Standard)
                Fields.Print(context.Terminal.Progress, DataSetReport.Describe(written));
            else
                context.Print(parse, written, () => Fields.Print(context.Terminal.Results, DataSetReport.Describe(written)));
            return ExitCode.Done;
        }, cancellationToken));
        return command;
    }

    private static async Task<DataSet> WriteAsync(CommandContext context, ProgramHost host, Job job, LabelRange range, string path, CancellationToken cancellationToken)
    {
        await using var file = OutputFile.Create(
            path == OutputFile.Standard ? path : Path.GetFullPath(path, context.Environment.WorkingFolder), context.Terminal.Output);
        var written = await TransferProgressBar.ShowAsync(context.Terminal, $"job {job.Name}",
            progress => host.Get<TrainingData>().WriteAsync(job, range, file.Stream, progress, cancellationToken));
        await file.CommitAsync();
        return written;
    }
}

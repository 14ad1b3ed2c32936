using System.CommandLine;
using BatchScorer.Cli.Hosting;
using BatchScorer.Cli.Printing;
using BatchScorer.Errors;
using BatchScorer.Exchange.Csv;
using BatchScorer.Jobs;
using BatchScorer.Models;
using BatchScorer.Training;
using BatchScorer.Training.Data;

namespace BatchScorer.Cli;

/// <summary><c>train JOB</c>: trains a job's model anew, or writes what it is trained on.</summary>
internal static class TrainCommand
{
    public static Command Create(CommandContext context)
    {
        var job = JobArgument.Create(context);
        var from = Instants.Option("--from", "Only labels from this time on: a date, or an ISO 8601 instant (UTC where no offset is given).");
        var to = Instants.Option("--to", "Only labels before this time.");
        var version = new Option<string?>("--version") { Description = "The version to register. Default: by the time, such as 2026-11-22T013000Z.", HelpName = "VERSION" };
        var with = new Option<TrainerChoice?>("--with") { Description = "Train with this program's own trainer, whatever the job's file says: fasttree. Only in builds that have Microsoft.ML.", HelpName = "fasttree" };
        with.AcceptOnlyFromAmong(StringComparer.OrdinalIgnoreCase, "fasttree");
        var data = new Option<string?>("--out")
        {
            Description = "Write the data set to this CSV file, or to standard output, and train nothing. It is there when all of it is written.",
            HelpName = "FILE|-",
        };
        version.Validators.Add(result =>
        {
            if (!ModelReference.IsVersion(result.Tokens[0].Value))
                result.AddError($"--version is \"{result.Tokens[0].Value}\", expected {ModelReference.ExpectedVersion}.");
        });
        var command = new DescribedCommand("train",
            "Train a job's model anew: write the rows that were scored, as they were scored, with what is known of them by now; call the job's command with them; register what comes back.",
            "train churn", "train churn --from 2026-03-01 --version 2026-11-22", "train churn --with fasttree", "train churn --out data.csv")
        { job, from, to, with, version, data, context.Jobs };
        context.AddOutput(command);
        command.Validators.Add(result =>
        {
            foreach (var other in new Option[] { version, with }.Where(option => result.GetResult(data) is { Implicit: false } && result.GetResult(option) is { Implicit: false }))
                result.AddError($"--out writes the data set and trains nothing, so there is no {other.Name}: leave one of them out.");
        });
        command.SetAction((parse, cancellationToken) => context.RunOnDatabaseAsync(parse, async host =>
        {
            var jobs = host.ReadJobs();
            var found = jobs.Find(parse.GetRequiredValue(job));
            var range = new LabelRange(parse.GetValue(from)?.UtcDateTime, parse.GetValue(to)?.UtcDateTime);
            var request = new TrainingRequest(TrainingReason.Manual) { Range = range, Version = parse.GetValue(version), With = parse.GetValue(with) };
            if (parse.GetValue(data) is { } path)
                await WriteAsync(context, parse, host, found, range, path, cancellationToken);
            else
                await TrainAsync(context, parse, host, found, jobs, request, cancellationToken);
            return ExitCode.Done;
        }, cancellationToken));
        return command;
    }

    private static async Task TrainAsync(
        CommandContext context, ParseResult parse, ProgramHost host, Job job, JobCatalog jobs, TrainingRequest request, CancellationToken cancellationToken)
    {
        var lines = new Lines(context.Terminal.Progress);
        // Only those that are due by a schedule can have had theirs.
        var trained = (await host.Get<JobTraining>().TrainAsync(job, request, jobs, lines, cancellationToken))!;
        context.Print(parse, trained, () => TrainingReport.Print(trained, job, context.Terminal));
    }

    private static async Task WriteAsync(
        CommandContext context, ParseResult parse, ProgramHost host, Job job, LabelRange range, string path, CancellationToken cancellationToken)
    {
        var written = await OutputFile.TellingAsync(async () =>
        {
            await using var file = OutputFile.Create(
                path == OutputFile.Standard ? path : Path.GetFullPath(path, context.Environment.WorkingFolder), context.Terminal.Output);
            var data = await TransferProgressBar.ShowAsync(context.Terminal, $"job {job.Name}",
                progress => host.Get<TrainingData>().WriteAsync(job, range, file.Stream, progress, cancellationToken));
            await file.CommitAsync();
            return data;
        });
        if (path == OutputFile.Standard)
            Fields.Print(context.Terminal.Progress, DataSetReport.Describe(written));
        else
            context.Print(parse, written, () => Fields.Print(context.Terminal.Results, DataSetReport.Describe(written)));
    }

    private sealed class Lines(TextWriter writer) : IProgress<string>
    {
        // A command's two streams are read side by side.
        public void Report(string value)
        {
            lock (writer)
                writer.WriteLine(value);
        }
    }
}

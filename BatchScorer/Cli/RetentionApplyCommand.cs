using System.CommandLine;
using BatchScorer.Cli.Hosting;
using BatchScorer.Cli.Printing;
using BatchScorer.Errors;
using BatchScorer.Runs.Retention;
using BatchScorer.Wording;

namespace BatchScorer.Cli;

/// <summary><c>retention apply [JOB...]</c>: lets go of what jobs keep no longer, as <c>serve</c> does once a day.</summary>
internal static class RetentionApplyCommand
{
    public static Command Create(CommandContext context)
    {
        var jobs = JobArgument.CreateMany(context);
        var dryRun = new Option<bool>("--dry-run") { Description = "Only say what would go." };
        var command = new DescribedCommand("apply", "Drop the partitions of predictions, and delete the runs and rejected rows, that jobs keep no longer; serve does so once a day.",
            "retention apply --dry-run", "retention apply churn", "retention apply churn --output json")
        { jobs, dryRun, context.Jobs };
        context.AddOutput(command);
        command.SetAction((parse, cancellationToken) => context.RunOnDatabaseAsync(parse, async host =>
        {
            var retention = host.Get<JobRetention>();
            var records = new List<RetentionRecord>();
            foreach (var job in await ChooseAsync(host, retention, parse.GetRequiredValue(jobs), context.Terminal, cancellationToken))
                records.Add(await (parse.GetValue(dryRun) ? retention.LookAsync(job, cancellationToken) : retention.ApplyAsync(job, cancellationToken)));
            context.Print(parse, records, () => Print(records, parse.GetValue(dryRun), context.Terminal));
            return ExitCode.Done;
        }, cancellationToken));
        return command;
    }

    /// <summary>The jobs that are named, or all that the database was told of. A job whose file says otherwise by now is pointed out.</summary>
    private static async Task<IReadOnlyList<string>> ChooseAsync(ProgramHost host, JobRetention retention, IReadOnlyList<string> named, Terminal terminal, CancellationToken cancellationToken)
    {
        var catalog = host.ReadJobs();
        var known = await retention.JobsAsync(cancellationToken);
        foreach (var job in named.Except(known))
        {
            catalog.RequireName(job);
            throw new BatchScorerException(ExitCode.BadConfiguration, $"The database was not told yet how long job \"{job}\" keeps what it writes: run `batchscorer db migrate`.");
        }

        var chosen = named.Count > 0 ? named : known;
        foreach (var job in catalog.Jobs.Where(job => chosen.Contains(job.Name)))
        {
            if (await retention.TermsAsync(job.Name, cancellationToken) != RetentionTerms.Of(job.Definition.Keep))
                terminal.Progress.WriteLine($"The file of job {job.Name} has another \"keep\" by now than the database goes by: `batchscorer db migrate` tells it.");
        }

        return chosen;
    }

    private static void Print(IReadOnlyList<RetentionRecord> records, bool isDryRun, Terminal terminal)
    {
        var would = isDryRun ? "would go" : "gone";
        if (records.Any(record => record.Partitions.Count > 0))
        {
            var table = new TextTable("job", "partition", "planned from", "to", "rows, about>", "size>", "becomes");
            foreach (var record in records)
            {
                foreach (var partition in record.Partitions)
                    table.Add(record.Job, partition.Partition, Readable.Day(partition.From), Readable.Day(partition.To), partition.Rows is { } rows ? Readable.Count(rows) : "?", Readable.Bytes(partition.Bytes), Becomes(partition, would));
            }

            table.Print(terminal.ResultsConsole);
            terminal.Results.WriteLine();
        }

        foreach (var record in records)
        {
            var kept = record.PredictionsKept is > 0 and var aside ? $", with {Readable.Count(aside)} predictions kept aside" : "";
            var whole = record.WholeSince is { } since ? $" Its history is whole since {Readable.Time(since)}." : "";
            terminal.Results.WriteLine(
                $"Job {record.Job}: {record.Partitions.Count(partition => partition.Goes)} partition(s) of predictions, {Readable.Count(record.RejectedRows)} rejected row(s) and {Readable.Count(record.Runs)} run(s) {would}{kept}.{whole}");
        }

        if (records.Count == 0)
            terminal.Results.WriteLine("The database was told of no job yet how long it keeps what it writes: `batchscorer db migrate` tells it.");
    }

    private static string Becomes(ExpiredPartition partition, string would) =>
        partition.Goes ? would : partition.OpenRun is { } run ? $"stays: run {run} is open" : "stays: one before it does";
}

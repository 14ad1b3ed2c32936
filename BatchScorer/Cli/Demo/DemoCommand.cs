using System.CommandLine;
using BatchScorer.Cli.Hosting;
using BatchScorer.Errors;
using BatchScorer.Postgres;
using BatchScorer.Quality;
using BatchScorer.Quality.Slices;
using BatchScorer.Registry;
using BatchScorer.Runs;
using BatchScorer.Wording;

namespace BatchScorer.Cli.Demo;

/// <summary><c>demo</c>: scores invented customers, in a database of its own unless one is configured, and shows what came of it.</summary>
internal static class DemoCommand
{
    private const string Job = "churn";
    private const int SampleRows = 20_000;
    private const int MostRows = 100_000_000;

    public static Command Create(CommandContext context)
    {
        var rows = Numbers.Option("--rows", $"How many customers. Default: the {SampleRows} of jobs/samples/customers.csv; more are invented like them.", 1, MostRows);
        var keep = new Option<bool>("--keep") { Description = "Leave the server running, or in a configured database the tables, to look around." };
        var command = new DescribedCommand("demo", "See it work: score invented customers in a PostgreSQL that is started for it, or in the one that is configured.",
            "demo", "demo --rows 1000000", "demo --keep")
        { rows, keep, context.Jobs };
        context.AddOutput(command);
        command.SetAction((parse, cancellationToken) => context.RunAsync(parse, async settings =>
        {
            var job = settings.ReadJobs().Find(Job);
            var sample = Path.Combine(settings.JobsFolder, "samples", "customers.csv");
            await using var database = await DemoDatabase.OpenAsync(context.Environment, context.Overrides(parse), context.Terminal.Progress, cancellationToken);

            var count = parse.GetValue(rows) ?? SampleRows;
            context.Terminal.Progress.WriteLine($"Loading {Readable.Count(count)} customers ...");
            await database.FillAsync(Customers(sample, count), cancellationToken);
            await ApplyAsync(database.Host, job, cancellationToken);

            var (report, end) = await RunCommand.RunAsync(context.Terminal, database.Host, job, partitions: null, cancellationToken);
            var quality = end.ExitCode is ExitCode.Done ? await LearnAsync(database.Host, job, cancellationToken) : null;
            var leaving = await DemoReport.FindLikelyToLeaveAsync(database.Host.Get<Database>(), cancellationToken);
            var kept = parse.GetValue(keep);
            if (kept)
                database.Keep();
            var demo = new DemoReport(report, leaving, quality, kept ? database.PsqlLine : null, kept ? database.Setting : null, kept ? database.Removal : null);
            context.Print(parse, demo, () => demo.Print(context.Terminal, database.IsPrivate));
            return RunCommand.Report(end, context.Terminal.Progress);
        }));
        return command;
    }

    /// <summary>Those of the sample file, and as many more as it takes.</summary>
    private static IEnumerable<DemoCustomer> Customers(string sample, int count)
    {
        var read = 0;
        foreach (var customer in CustomersFile.Read(sample).Take(count))
        {
            read++;
            yield return customer;
        }

        foreach (var customer in DemoCustomers.Generate().Take(count).Skip(read))
            yield return customer;
    }

    /// <summary>Time passes, and it becomes known of the sample's customers who left.</summary>
    private static async Task<QualityRecord> LearnAsync(ProgramHost host, Jobs.Job job, CancellationToken cancellationToken)
    {
        await CustomersTable.LearnOutcomesAsync(host.Get<Database>().Writers, SampleRows, cancellationToken);
        var quality = host.Get<JobQuality>();
        await quality.UpdateAsync(job, all: false, progress: null, cancellationToken);
        return await quality.ReadAsync(job, [SliceKind.All], from: null, to: null, detailed: false, cancellationToken);
    }

    private static async Task ApplyAsync(ProgramHost host, Jobs.Job job, CancellationToken cancellationToken)
    {
        var planned = await JobPreparation.PrepareAsync(host.Get<Database>(), host.Get<ModelRegistry>(), job, cancellationToken);
        using (planned)
            await JobTables.ApplyAsync(host.Get<Database>(), planned, cancellationToken);
    }
}

using System.CommandLine;
using System.Globalization;
using BatchScorer.Cli.Printing;
using BatchScorer.Errors;
using BatchScorer.Runs;
using BatchScorer.Wording;

namespace BatchScorer.Cli;

/// <summary><c>rejected list JOB</c>: the rejected rows that a replay would score again.</summary>
internal static class RejectedListCommand
{
    private const int DefaultLimit = 20;
    private const int MostRows = 10_000;

    public static Command Create(CommandContext context)
    {
        var job = JobArgument.Create(context);
        var run = Numbers.Option("--run", "Only the rows that this run rejected.");
        var limit = Numbers.Option("--limit", $"How many at most, 1 to {MostRows}. Default: {DefaultLimit}.", 1, MostRows);
        var command = new DescribedCommand("list", "List the rejected rows of a job that a replay would score again, those of the newest run first.",
            "rejected list churn", "rejected list churn --run 17 --limit 100 --output json")
        { job, run, limit, context.Jobs };
        context.AddOutput(command);
        command.SetAction((parse, cancellationToken) => context.RunOnDatabaseAsync(parse, async host =>
        {
            var found = host.ReadJobs().Find(parse.GetRequiredValue(job)).Definition;
            var catalog = host.Get<RejectedRowCatalog>();
            var (rows, total) = await catalog.ListAsync(found, parse.GetValue(run), parse.GetValue(limit) ?? DefaultLimit, cancellationToken);
            context.Print(parse, rows, () => Print(found.Name, rows, total, context.Terminal));
            if (rows.Count == 0)
                await TellUnpublishedAsync(catalog, found.Name, context.Terminal.Progress, cancellationToken);
            return ExitCode.Done;
        }, cancellationToken));
        return command;
    }

    /// <summary>Says that a job has nothing to replay.</summary>
    public static string Nothing(string job) => $"Job {job} has no rejected rows to replay.";

    /// <summary>Says what to do where the only rejected rows are those of a run that is not published.</summary>
    public static async Task TellUnpublishedAsync(RejectedRowCatalog catalog, string job, TextWriter writer, CancellationToken cancellationToken)
    {
        if (await catalog.FindUnpublishedAsync(job, cancellationToken) is not { } run)
            return;
        var publish = run.State is "succeeded" ? $"`batchscorer runs publish {run.RunId}`" : $"`batchscorer runs resume {run.RunId} --accept-rejected`";
        writer.WriteLine(
            $"Run {run.RunId} has rejected {Readable.Count(run.Rows)} row(s) and is {(run.State is "succeeded" ? "held" : run.State)}; only those of published runs are replayed. "
            + $"After a fix, `batchscorer runs abandon {run.RunId}` and `batchscorer run {job}` score all of its rows again; "
            + $"{publish} publishes it without them, and then they can be replayed.");
    }

    private static void Print(string job, IReadOnlyList<UnresolvedRow> rows, long total, Terminal terminal)
    {
        if (total == 0)
        {
            terminal.Results.WriteLine(Nothing(job));
            return;
        }

        var table = new TextTable("run>", "rejected at", "key", "column", "reason");
        foreach (var row in rows)
            table.Add(row.RunId.ToString(CultureInfo.InvariantCulture), Readable.Time(row.RejectedAt), row.Key.GetRawText(), row.Column ?? "-", row.Reason);
        table.Print(terminal.ResultsConsole);
        if (rows.Count < total)
            terminal.Results.WriteLine($"{Readable.Count(rows.Count)} of {Readable.Count(total)} rows; --limit shows more.");
    }
}

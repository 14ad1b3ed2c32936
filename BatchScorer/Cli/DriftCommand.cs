using System.CommandLine;
using System.Globalization;
using BatchScorer.Cli.Printing;
using BatchScorer.Errors;
using BatchScorer.Postgres;
using BatchScorer.Runs.Watching;
using BatchScorer.Wording;

namespace BatchScorer.Cli;

/// <summary><c>drift JOB</c>: how far a run's values are from the reference and from runs before.</summary>
internal static class DriftCommand
{
    public static Command Create(CommandContext context)
    {
        var job = JobArgument.Create(context);
        var run = Numbers.Option("--run", "The run. Default: the job's last one that was profiled.");
        var command = new DescribedCommand("drift", "Show how far the values of a run are from the reference and from runs before, the columns that have drifted the most first.",
            "drift churn", "drift churn --run 17 --output json")
        { job, run, context.Jobs };
        context.AddOutput(command);
        command.SetAction((parse, cancellationToken) => context.RunOnDatabaseAsync(parse, async host =>
        {
            var name = host.ReadJobs().Find(parse.GetRequiredValue(job)).Definition.Name;
            var report = await new DriftCatalog(host.Get<Database>()).ReadAsync(name, parse.GetValue(run), cancellationToken);
            context.Print(parse, report, () => Print(report, context.Terminal));
            return ExitCode.Done;
        }, cancellationToken));
        return command;
    }

    private static void Print(DriftReport report, Terminal terminal)
    {
        if (report.Columns.Count == 0)
        {
            terminal.Results.WriteLine($"Run {report.RunId} of job {report.Job} is profiled, but there is neither a reference nor a run before it to compare it with; the next run is compared with it.");
            return;
        }

        var table = new TextTable("column", "side", "measure", "value>", "limit>", "against", "since", "what to look at");
        foreach (var column in report.Columns)
        {
            var most = column.Measures[0];
            table.Add(
                column.Column, column.Side, most.Measure, Number(most.Value), most.Limit is { } limit ? Number(limit) : "-",
                most.AgainstRun is { } run ? $"{most.Against} (run {run})" : most.Against, most.Since is null ? "-" : Readable.Time(most.Since), most.Detail ?? "-");
        }

        table.Print(terminal.ResultsConsole);
        terminal.Results.WriteLine($"{Readable.Count(report.Columns.Count(column => column.Drifted))} of {Readable.Count(report.Columns.Count)} columns of run {report.RunId} have drifted; --output json has all measures.");
    }

    private static string Number(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);
}

using System.CommandLine;
using BatchScorer.Cli.Printing;
using BatchScorer.Errors;
using BatchScorer.Quality.Challengers;

namespace BatchScorer.Cli;

/// <summary><c>models compare JOB</c>: how a job's model and its challenger differ, and which of the two was right.</summary>
internal static class ModelsCompareCommand
{
    public static Command Create(CommandContext context)
    {
        var job = JobArgument.Create(context);
        var run = Numbers.Option("--run", "Only this run. Default: every published run with the two models of the newest one.");
        var from = Instants.Option("--from", "Only runs published from this time on: a date, or an ISO 8601 instant (UTC where no offset is given).");
        var to = Instants.Option("--to", "Only runs published before this time.");
        var command = new DescribedCommand("compare", "Compare what a job's model and its challenger answered to the same rows, and where labels are there, how good both were.",
            "models compare churn", "models compare churn --from 2026-11-01", "models compare churn --run 17 --output json")
        { job, run, from, to, context.Jobs };
        context.AddOutput(command);
        command.SetAction((parse, cancellationToken) => context.RunOnDatabaseAsync(parse, async host =>
        {
            var found = host.ReadJobs().Find(parse.GetRequiredValue(job));
            var choice = new ComparisonChoice { Run = parse.GetValue(run), From = parse.GetValue(from)?.UtcDateTime, To = parse.GetValue(to)?.UtcDateTime };
            var comparison = await host.Get<ModelComparison>().ReadAsync(found, choice, cancellationToken);
            context.Print(parse, comparison, () => ComparisonReport.Print(comparison, context.Terminal));
            return ExitCode.Done;
        }, cancellationToken));
        return command;
    }
}

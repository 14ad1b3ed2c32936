using System.CommandLine;
using BatchScorer.Cli.Printing;
using BatchScorer.Errors;
using BatchScorer.Training;

namespace BatchScorer.Cli;

/// <summary><c>trainings list</c>: the last trainings of jobs' models, and what came of them.</summary>
internal static class TrainingsListCommand
{
    private const int DefaultLimit = 20;
    private const int MostTrainings = 10_000;

    public static Command Create(CommandContext context)
    {
        var job = JobArgument.CreateOption(context, "Only trainings for this job.");
        var limit = Numbers.Option("--limit", $"How many at most, 1 to {MostTrainings}. Default: {DefaultLimit}.", 1, MostTrainings);
        var command = new DescribedCommand("list", "List the last trainings, the newest first.", "trainings list", "trainings list --job churn --output json") { job, limit, context.Jobs };
        context.AddOutput(command);
        command.SetAction((parse, cancellationToken) => context.RunOnDatabaseAsync(parse, async host =>
        {
            var name = parse.GetValue(job);
            var trainings = await host.Get<TrainingStore>().ListAsync(name, parse.GetValue(limit) ?? DefaultLimit, cancellationToken);
            if (trainings.Count == 0 && name is not null)
                host.ReadJobs().RequireName(name);
            context.Print(parse, trainings, () => TrainingReport.Print(trainings, context.Terminal));
            return ExitCode.Done;
        }, cancellationToken));
        return command;
    }
}

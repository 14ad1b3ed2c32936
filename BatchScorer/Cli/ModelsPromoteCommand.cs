using System.CommandLine;
using BatchScorer.Errors;
using BatchScorer.Models;
using BatchScorer.Registry;

namespace BatchScorer.Cli;

/// <summary><c>models promote NAME@VERSION</c>: makes a version the champion.</summary>
internal static class ModelsPromoteCommand
{
    public static Command Create(CommandContext context)
    {
        var argument = ModelArgument.CreateVersion();
        var command = new DescribedCommand("promote", "Put a version of a model in use, if it scores its golden rows and fits every job that names the model's champion.", "models promote churn@2026-11-20") { argument, context.Jobs };
        context.AddOutput(command);
        command.SetAction((parse, cancellationToken) => context.RunOnDatabaseAsync(parse, async host =>
        {
            var reference = ModelReference.Parse(parse.GetRequiredValue(argument));
            if (reference.IsChampion)
                throw new BatchScorerException(ExitCode.Usage, $"{reference} is whichever version is in use: expected the one to put in use, see `batchscorer models list {reference.Name}`.");
            var model = await host.Get<ModelRegistry>().FindAsync(reference, ExitCode.Usage, cancellationToken);
            var last = await host.Get<ModelPromotions>().LastAsync(model.Name, cancellationToken);
            var report = last?.Version == model.Version
                ? new PromotionReport(model.Name, model.Version, last.InsteadOf, IsNew: false, [])
                : await PromotionReport.PutInUseAsync(host, model, last, Promotion.Promote, context.Terminal, cancellationToken);
            return report.Print(context, parse);
        }, cancellationToken));
        return command;
    }
}

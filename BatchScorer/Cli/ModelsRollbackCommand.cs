using System.CommandLine;
using BatchScorer.Errors;
using BatchScorer.Registry;

namespace BatchScorer.Cli;

/// <summary><c>models rollback NAME</c>: makes the version the champion that was before the last promotion.</summary>
internal static class ModelsRollbackCommand
{
    public static Command Create(CommandContext context)
    {
        var argument = ModelArgument.CreateName();
        var command = new DescribedCommand("rollback", "Take the last promotion of a model back, and put the version in use that was before.", "models rollback churn") { argument, context.Jobs };
        context.AddOutput(command);
        command.SetAction((parse, cancellationToken) => context.RunOnDatabaseAsync(parse, async host =>
        {
            var registry = host.Get<ModelRegistry>();
            var name = parse.GetRequiredValue(argument);
            await registry.RequireAsync(name, ExitCode.Usage, cancellationToken);
            var (last, previous) = await host.Get<ModelPromotions>().FindPreviousAsync(name, cancellationToken);
            var model = await registry.FindAsync(previous, ExitCode.Usage, cancellationToken);
            return (await PromotionReport.PutInUseAsync(host, model, last, Promotion.Rollback, context.Terminal, cancellationToken)).Print(context, parse);
        }, cancellationToken));
        return command;
    }
}

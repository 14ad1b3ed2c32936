using System.CommandLine;
using BatchScorer.Cli.Printing;
using BatchScorer.Errors;
using BatchScorer.Registry;
using BatchScorer.Wording;

namespace BatchScorer.Cli;

/// <summary><c>models list [NAME]</c>: registered models, and which version of each is in use.</summary>
internal static class ModelsListCommand
{
    public static Command Create(CommandContext context)
    {
        var name = new Argument<string?>("NAME") { Description = "The name of a registered model. Default: all.", HelpName = "NAME", Arity = ArgumentArity.ZeroOrOne };
        var command = new DescribedCommand("list", "List registered models, and which version of each is in use.", "models list", "models list churn --output json") { name };
        context.AddOutput(command);
        command.SetAction((parse, cancellationToken) => context.RunOnDatabaseAsync(parse, async host =>
        {
            var models = parse.GetValue(name) is { } only
                ? await host.Get<ModelRegistry>().RequireAsync(only, ExitCode.Usage, cancellationToken)
                : await host.Get<ModelCatalog>().ListAsync(name: null, cancellationToken);
            var listed = models.Select(ListedModel.Of).ToList();
            context.Print(parse, listed, () => Print(listed, context.Terminal));
            return ExitCode.Done;
        }, cancellationToken));
        return command;
    }

    private static void Print(List<ListedModel> models, Terminal terminal)
    {
        if (models.Count == 0)
        {
            terminal.Results.WriteLine("There are no registered models: `batchscorer models register FILE --name NAME --version VERSION` makes the first.");
            return;
        }

        var table = new TextTable("model", "version", "in use", "registered at", "by", "golden rows>", "sha-256", "notes");
        foreach (var model in models)
        {
            table.Add(
                model.Name, model.Version, model.IsChampion ? "champion" : "", Readable.Time(model.RegisteredAt), model.RegisteredBy,
                Readable.Count(model.GoldenRows), model.Sha256[..12], model.Notes);
        }

        table.Print(terminal.ResultsConsole);
    }

    private sealed record ListedModel(
        string Name, string Version, bool IsChampion, string Sha256, long SizeBytes, string Engine, int GoldenRows, DateTime RegisteredAt, string? RegisteredBy, string? Notes)
    {
        public static ListedModel Of(RegisteredModel model) => new(
            model.Name, model.Version, model.IsChampion, model.Sha256, model.SizeBytes, model.Engine, model.GoldenRows, model.RegisteredAt, model.RegisteredBy, model.Notes);
    }
}

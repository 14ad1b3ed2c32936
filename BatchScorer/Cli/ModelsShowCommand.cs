using System.CommandLine;
using BatchScorer.Cli.Printing;
using BatchScorer.Errors;
using BatchScorer.Models;
using BatchScorer.Registry;
using BatchScorer.Wording;

namespace BatchScorer.Cli;

/// <summary><c>models show NAME@VERSION</c>: a registered version, and when the model's versions were put in use.</summary>
internal static class ModelsShowCommand
{
    public static Command Create(CommandContext context)
    {
        var argument = ModelArgument.CreateVersion(", or churn@champion for the one in use");
        var command = new DescribedCommand("show", "Show a registered version of a model, and when each version was put in use.", "models show churn@2026-11-20", "models show churn@champion --output json") { argument };
        context.AddOutput(command);
        command.SetAction((parse, cancellationToken) => context.RunOnDatabaseAsync(parse, async host =>
        {
            var model = await host.Get<ModelRegistry>().FindAsync(ModelReference.Parse(parse.GetRequiredValue(argument)), ExitCode.Usage, cancellationToken);
            var shown = new ShownModel(model, await host.Get<ModelCatalog>().PromotionsAsync(model.Name, cancellationToken));
            context.Print(parse, shown, () => Print(shown, context.Terminal));
            return ExitCode.Done;
        }, cancellationToken));
        return command;
    }

    private static void Print(ShownModel shown, Terminal terminal)
    {
        var model = shown.Model;
        Fields.Print(
            terminal.Results,
            ("model", $"{model.Reference()}{(model.IsChampion ? ", the champion" : "")}"),
            ("sha-256", model.Sha256),
            ("size", $"{Readable.Count(model.SizeBytes)} bytes"),
            ("registered", $"{Readable.Time(model.RegisteredAt)} by {model.RegisteredBy}"),
            ("engine", model.Engine),
            ("steps", string.Join(", ", model.Steps)),
            ("golden", $"{Readable.Count(model.GoldenRows)} rows"),
            ("reference", model.ReferenceMadeAt is { } made ? $"profiled on {Readable.Time(made)}" : "none: runs are compared with the first one"),
            ("notes", model.Notes));
        PrintColumns("reads", "inputs", model, terminal);
        PrintColumns("answers", "outputs", model, terminal);
        if (shown.Promotions.Count == 0)
            return;
        var table = new TextTable("in use since", "version", "instead of", "by", "why");
        foreach (var promotion in shown.Promotions.Reverse())
            table.Add(Readable.Time(promotion.PromotedAt), promotion.Version, promotion.InsteadOf ?? "-", promotion.PromotedBy, promotion.Reason);
        terminal.Results.WriteLine();
        table.Print(terminal.ResultsConsole);
    }

    private static void PrintColumns(string heading, string property, RegisteredModel model, Terminal terminal)
    {
        var table = new TextTable(heading, "type");
        foreach (var column in model.Schema.GetProperty(property).EnumerateArray())
            table.Add(column.GetProperty("name").GetString(), column.GetProperty("type").GetString());
        terminal.Results.WriteLine();
        table.Print(terminal.ResultsConsole);
    }

    /// <param name="Model">The version.</param>
    /// <param name="Promotions">Every promotion of the model, the last one at the end.</param>
    private sealed record ShownModel(RegisteredModel Model, IReadOnlyList<Promotion> Promotions);
}

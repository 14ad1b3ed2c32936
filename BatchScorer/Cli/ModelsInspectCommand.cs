using System.CommandLine;
using BatchScorer.Cli.Printing;
using BatchScorer.Errors;
using BatchScorer.Models;
using BatchScorer.Wording;

namespace BatchScorer.Cli;

/// <summary><c>models inspect FILE</c>: what a model reads, answers and is made of.</summary>
internal static class ModelsInspectCommand
{
    public static Command Create(CommandContext context)
    {
        var file = new Argument<string>("FILE") { Description = "A model.zip that ML.NET saved." };
        var command = new DescribedCommand("inspect", "Show what a model file reads, answers and is made of, and which engine scores it.",
            "models inspect jobs/samples/churn.zip", "models inspect jobs/samples/churn.zip --json")
        { file };
        context.AddOutput(command);
        command.SetAction((parse, _) => context.RunAsync(parse, host =>
        {
            var inspection = ModelInspection.Of(Path.GetFullPath(parse.GetRequiredValue(file), context.Environment.WorkingFolder));
            context.Print(parse, inspection, () => Print(inspection, context.Terminal));
            if (inspection.Obstacle is null)
                return Task.FromResult(ExitCode.Done);
            throw ModelFault.In(inspection.File, $"no engine of this build can score it: {inspection.Obstacle}");
        }));
        return command;
    }

    private static void Print(ModelInspection model, Terminal terminal)
    {
        Fields.Print(
            terminal.Results,
            ("file", model.File),
            ("size", $"{Readable.Count(model.SizeBytes)} bytes"),
            ("sha-256", model.Sha256),
            ("engine", model.Engine ?? "none"));
        PrintColumns(model.Engine is null ? "trained on" : "reads", model.Inputs, terminal);
        PrintColumns("answers", model.Outputs, terminal);

        var table = new TextTable("step", "kind");
        foreach (var step in model.Steps)
            table.Add(step.Path, step.Signature);
        terminal.Results.WriteLine();
        table.Print(terminal.ResultsConsole);
    }

    private static void PrintColumns(string heading, IReadOnlyList<InspectedColumn> columns, Terminal terminal)
    {
        if (columns.Count == 0)
            return;
        var table = new TextTable(heading, "type");
        foreach (var column in columns)
            table.Add(column.Name, column.Type);
        terminal.Results.WriteLine();
        table.Print(terminal.ResultsConsole);
    }
}

using System.CommandLine;
using BatchScorer.Errors;
using BatchScorer.Models.Catalog;

namespace BatchScorer.Cli;

/// <summary><c>models steps</c>: which engine scores which of ML.NET's steps.</summary>
internal static class ModelsStepsCommand
{
    public static Command Create(CommandContext context)
    {
        var command = new DescribedCommand("steps", "List ML.NET's steps, and which engine scores each, as the tables of docs/models.md.", "models steps");
        command.SetAction(_ =>
        {
            context.Terminal.Results.Write(StepCatalog.ToMarkdown());
            return (int)ExitCode.Done;
        });
        return command;
    }
}

using System.CommandLine;

namespace BatchScorer.Cli;

/// <summary>The argument that names a version of a registered model.</summary>
internal static class ModelArgument
{
    public static Argument<string> CreateVersion(string more = "") =>
        new("MODEL") { Description = $"A model and its version, such as churn@2026-11-20{more}.", HelpName = "NAME@VERSION" };

    public static Argument<string> CreateName() => new("NAME") { Description = "The name of a registered model.", HelpName = "NAME" };
}

using System.Text;
using BatchScorer.Models.Compiled;

namespace BatchScorer.Models.Catalog;

/// <summary>Every kind of step that ML.NET 5 loads, and which engine scores it.</summary>
internal static class StepCatalog
{
    /// <summary>The packages that the MLNet engine is built with.</summary>
    private static readonly string[] BuiltIn = [KnownToMLNet.Main, "Microsoft.ML.FastTree", "Microsoft.ML.LightGbm", "Microsoft.ML.Recommender"];

    public static IReadOnlyList<CataloguedStep> Steps => KnownToMLNet.Steps;

    /// <summary>Which engines score a step, whether this build has them or not, or why none does.</summary>
    public static string EnginesFor(CataloguedStep step)
    {
        var isCompiled = KnownSteps.Contains(step.Signature);
        var isMLNet = IsInMLNet(step);
        return (isCompiled, isMLNet) switch
        {
            (true, true) => "Compiled, MLNet",
            (true, false) => "Compiled",
            (false, true) => "MLNet",
            _ => step.NeedsOtherRows ? "none: it needs the rows before" : $"none: it is in {step.Package}",
        };
    }

    /// <summary>Whether a build with the MLNet engine has all that a model needs there; steps that are not catalogued are presumed there.</summary>
    public static bool AreInMLNet(IEnumerable<ModelStep> steps) =>
        steps.All(step => Steps.FirstOrDefault(known => known.Signature == step.Signature) is not { } known || IsInMLNet(known));

    /// <summary>The tables of <c>docs/models.md</c>, one a group.</summary>
    public static string ToMarkdown()
    {
        var text = new StringBuilder();
        foreach (var group in Steps.GroupBy(step => step.Group))
        {
            text.Append($"| {group.Key} | in the model file | scored by |\n| --- | --- | --- |\n");
            foreach (var step in group)
                text.Append($"| {step.KnownAs} | `{step.Signature}` | {EnginesFor(step)} |\n");
            text.Append('\n');
        }

        return text.ToString();
    }

    private static bool IsInMLNet(CataloguedStep step) => BuiltIn.Contains(step.Package) && !step.NeedsOtherRows;
}

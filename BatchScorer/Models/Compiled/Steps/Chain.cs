using System.Globalization;
using BatchScorer.Models.Compiled.Format;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Steps;

/// <summary>Steps one after another (<c>TransformerChain</c>), which may be chains themselves.</summary>
internal static class Chain
{
    private const uint IsChain = 0x00010002;

    public static void Compile(ModelKey chain, ModelGraph graph)
    {
        var block = chain.Open();
        var count = block.Count(sizeof(int));
        block.Take(count * sizeof(int)); // scopes: whether a step is for training only; ML.NET scores with all of them
        block.End();
        for (var i = 0; i < count; i++)
            StepTable.Compile(chain.Below(string.Create(CultureInfo.InvariantCulture, $"Transform_{i:000}")), graph);
    }

    /// <summary>What featurizes texts (<c>Text</c>): a chain, or its steps one by one, which may be wrapped (<c>Mapper</c>).</summary>
    public static void CompileText(ModelKey step, ModelGraph graph)
    {
        var block = step.Open();
        if (step.ReadableVersion >= IsChain)
        {
            block.End();
            StepTable.Compile(step.Below("Chain"), graph);
            return;
        }

        var count = block.Count(0);
        block.End();
        for (var i = 0; i < count; i++)
        {
            var folder = string.Create(CultureInfo.InvariantCulture, $"Step_{i:000}");
            StepTable.Compile(step.FindBelow($"{folder}/Mapper") ?? step.Below(folder), graph);
        }
    }
}

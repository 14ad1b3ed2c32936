using System.Globalization;
using BatchScorer.Models.Compiled.Format;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Steps;

/// <summary>Steps one after another (<c>TransformerChain</c>), which may be chains themselves.</summary>
internal static class Chain
{
    public static void Compile(ModelKey chain, ModelGraph graph)
    {
        var block = chain.Open();
        var count = block.Count(sizeof(int));
        block.Take(count * sizeof(int)); // scopes: whether a step is for training only; ML.NET scores with all of them
        block.End();
        for (var i = 0; i < count; i++)
            StepTable.Compile(chain.Below(string.Create(CultureInfo.InvariantCulture, $"Transform_{i:000}")), graph);
    }
}

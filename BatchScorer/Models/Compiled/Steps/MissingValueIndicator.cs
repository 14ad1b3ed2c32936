using BatchScorer.Batches;
using BatchScorer.Models.Compiled.Format;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Steps;

/// <summary>Whether values are missing (<c>NaIndicatorTransform</c>).</summary>
internal static class MissingValueIndicator
{
    public static void Compile(ModelKey step, ModelGraph graph)
    {
        var block = step.Open();
        var pairs = ColumnPairs.Read(block);
        block.End();
        var columns = pairs.Select(pair => (pair.Output, Column(step, pair.Output, graph.Column(step, pair.Input)))).ToArray();
        foreach (var (name, column) in columns)
            graph.Define(name, column);
    }

    private static Kernel Column(ModelKey step, string name, Kernel source) => source.Type.Kind switch
    {
        ValueKind.Single => new IsMissing<float, IsNaN<float>>(name, source),
        ValueKind.Double => new IsMissing<double, IsNaN<double>>(name, source),
        ValueKind.Key => new IsMissing<uint, IsZero>(name, source),
        _ => throw step.Unsupported($"looks for missing values in \"{source.Name}\", which is {source.Type}"),
    };
}

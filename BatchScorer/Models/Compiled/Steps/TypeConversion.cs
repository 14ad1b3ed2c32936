using BatchScorer.Models.Compiled.Format;
using BatchScorer.Models.Compiled.Graph;
using BatchScorer.Models.Compiled.Steps.Conversion;

namespace BatchScorer.Models.Compiled.Steps;

/// <summary>Columns as another type (<c>ConvertTransform</c>), by ML.NET's standard conversions.</summary>
internal static class TypeConversion
{
    private const uint WithoutFloatSize = 0x00010003;
    private const int HasKeyCount = 0x80;

    public static void Compile(ModelKey step, ModelGraph graph)
    {
        var block = step.Open();
        if (step.Version < WithoutFloatSize)
            block.FloatSize();
        var pairs = ColumnPairs.Read(block);
        var columns = new (string Name, Kernel Column)[pairs.Length];
        for (var i = 0; i < pairs.Length; i++)
        {
            var code = block.Byte();
            if ((code & HasKeyCount) != 0)
                throw step.Unsupported($"converts \"{pairs[i].Input}\" to a key");
            columns[i] = (pairs[i].Output, Column(step, pairs[i].Output, graph.Column(step, pairs[i].Input), code));
        }

        block.End();
        foreach (var (name, column) in columns)
            graph.Define(name, column);
    }

    private static Kernel Column(ModelKey step, string name, Kernel source, byte code)
    {
        if (DataKind.Of(code) is not { } target)
            throw step.Unsupported($"converts \"{source.Name}\" to ML.NET's type {code}");
        return Conversions.Create(name, source, target)
            ?? throw step.Unsupported($"converts \"{source.Name}\" from {source.Type} to {target}");
    }
}

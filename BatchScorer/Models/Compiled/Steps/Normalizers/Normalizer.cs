using System.Globalization;
using BatchScorer.Batches;
using BatchScorer.Models.Compiled.Format;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Steps.Normalizers;

/// <summary>Numbers brought to scale (<c>Normalizer</c>), each column by a function that is a component of its own.</summary>
internal static class Normalizer
{
    private const uint SeveralDimensions = 0x00010002;
    private const byte Single = 9;
    private const byte Double = 10;

    private static readonly Dictionary<string, (uint NewestVersion, Func<ModelKey, string, Kernel, Kernel> Compile)> Functions = new()
    {
        ["AffineNormExec"] = (0x00010003, AffineFunction.Compile),
        ["CdfNormalizeFunction"] = (0x00010001, DistributionFunction.Compile),
        ["BinNormalizeFunction"] = (0x00010001, BinFunction.Compile),
    };

    public static IEnumerable<string> FunctionSignatures => [.. Functions.Keys, BinFunction.BoundsSignature];

    public static void Compile(ModelKey step, ModelGraph graph) => Compile(step, graph, step.Open(), hasTypes: true);

    /// <summary>The step as it was before ML.NET 0.6 (<c>NormalizeTransform</c>), without types.</summary>
    public static void CompileOld(ModelKey step, ModelGraph graph)
    {
        var block = step.Open();
        block.FloatSize();
        Compile(step, graph, block, hasTypes: false);
    }

    private static void Compile(ModelKey step, ModelGraph graph, BlockReader block, bool hasTypes)
    {
        var pairs = ColumnPairs.Read(block);
        var columns = new (string Name, Kernel Column)[pairs.Length];
        for (var i = 0; i < pairs.Length; i++)
        {
            var source = graph.Column(step, pairs[i].Input);
            if (source.Type.Kind is not (ValueKind.Single or ValueKind.Double))
                throw step.Fault($"it normalizes \"{source.Name}\", which is {source.Type}");
            if (hasTypes && ReadType(step, block) is var type && type != source.Type)
                throw step.Fault($"it normalizes a {type}, and \"{source.Name}\" is {source.Type}");
            var function = step.Below(string.Create(CultureInfo.InvariantCulture, $"Normalizer_{i:000}"));
            if (!Functions.TryGetValue(function.Signature, out var known))
                throw function.Unsupported("is a normalizer it does not know");
            function.Expect(known.NewestVersion);
            columns[i] = (pairs[i].Output, known.Compile(function, pairs[i].Output, source));
        }

        block.End();
        foreach (var (name, column) in columns)
            graph.Define(name, column);
    }

    private static ColumnType ReadType(ModelKey step, BlockReader block)
    {
        var isVector = block.Boolean();
        if (step.Version < SeveralDimensions)
        {
            var size = block.Int32();
            return new ColumnType(ReadKind(block), isVector ? size : 0);
        }

        var kind = ReadKind(block);
        return new ColumnType(kind, isVector ? (int)block.Array<int>().Aggregate(1L, (product, dimension) => Math.Min(product * Math.Max(0, dimension), int.MaxValue)) : 0);
    }

    private static ValueKind ReadKind(BlockReader block) => block.Byte() switch
    {
        Single => ValueKind.Single,
        Double => ValueKind.Double,
        var other => throw block.Fault($"it normalizes values of type {other}"),
    };
}

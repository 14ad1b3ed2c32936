using BatchScorer.Batches;
using BatchScorer.Models.Compiled.Format;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Predictors.Factorization;

/// <summary>Recommendation by matrix factorization (<c>MaFactPredXf</c>): a vector for each row and each column of a matrix.</summary>
internal static class MatrixFactorization
{
    private const string Signature = "MFPredictor";
    private const uint NewestPredictor = 0x00010002;
    private const uint WithoutLeastKeys = 0x00010002;

    public static IEnumerable<string> Signatures => [Signature];

    public static void Compile(ModelKey step, ModelGraph graph)
    {
        var block = step.Open();
        var columns = Keys(step, graph.Column(step, block.Name()));
        var rows = Keys(step, graph.Column(step, block.Name()));
        block.End();
        var predictor = step.Below("Model");
        if (predictor.Signature != Signature)
            throw predictor.Unsupported("is a predictor it does not know");
        predictor.Expect(NewestPredictor);
        graph.BeginAnswers();
        graph.Define("Score", Read(predictor, rows, columns));
    }

    private static ProductOfFactors Read(ModelKey predictor, Kernel rows, Kernel columns)
    {
        var block = predictor.Open();
        var rowCount = Count(predictor, block, rows);
        var columnCount = Count(predictor, block, columns);
        var rank = block.Int32();
        if (rank <= 0 || ((long)rowCount + columnCount) * rank * sizeof(float) > block.Remaining)
            throw predictor.Fault($"it announces {rowCount} rows and {columnCount} columns of {rank} factors in {block.Remaining} bytes");
        var (left, right) = (block.Values<float>(rowCount * rank), block.Values<float>(columnCount * rank));
        block.End();
        return new ProductOfFactors(rows, columns, left, right, rank);
    }

    private static int Count(ModelKey predictor, BlockReader block, Kernel keys)
    {
        var count = block.Int32();
        if (predictor.Version < WithoutLeastKeys && block.UInt64() != 0)
            throw predictor.Unsupported("has keys that do not begin at 0, which ML.NET no longer reads");
        return count > 0 && (ulong)count == keys.KeyCount
            ? count
            : throw predictor.Fault($"it has {count} vectors for the {keys.KeyCount} keys of \"{keys.Name}\"");
    }

    private static Kernel Keys(ModelKey step, Kernel source) => source.Type == new ColumnType(ValueKind.Key)
        ? source
        : throw step.Fault($"it recommends by \"{source.Name}\", which is {source.Type} and not a key");
}

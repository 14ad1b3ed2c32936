using System.Globalization;
using BatchScorer.Models.Compiled.Format;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Predictors.Multiclass;

/// <summary>Multiclass models made of binary ones, each a component of its own.</summary>
internal static class SeparateClasses
{
    private const int MostPredictors = 1 << 16;

    private const byte Raw = 0;
    private const byte Probabilities = 1;
    private const byte Softmax = 2;

    /// <summary>A predictor for each class against all others (<c>OVAExec</c>), as LightGBM writes its multiclass models too.</summary>
    public static Kernel CompileOneVersusAll(ModelKey predictor, Kernel features)
    {
        var block = predictor.Open();
        block.FloatSize();
        var formula = block.Byte();
        var classes = Classes(predictor, block.Int32());
        block.End();
        Combination combine = formula switch
        {
            Raw => Combinations.None,
            Probabilities => Combinations.Probabilities,
            Softmax => Combinations.Softmax,
            _ => throw predictor.Fault($"it combines classes by formula {formula}"),
        };
        var parts = Enumerable.Range(0, classes).Select(i => predictor.Below(Name($"SubPredictor_{i:000}"))).ToArray();
        return new ClassScores(Predict(parts, features, formula == Probabilities), classes, combine);
    }

    /// <summary>A predictor for each class and each pair of classes (<c>TLC PKPD</c>).</summary>
    public static Kernel CompilePairwise(ModelKey predictor, Kernel features)
    {
        var block = predictor.Open();
        block.FloatSize();
        var classes = Classes(predictor, block.Int32());
        block.End();
        if (PairwiseCoupling.Pairs(classes) > MostPredictors)
            throw predictor.Unsupported($"has {classes} classes, more than can be taken in pairs");
        var parts =
            from i in Enumerable.Range(0, classes)
            from j in Enumerable.Range(0, i + 1)
            select predictor.Below(i == j ? Name($"SubPredictor_{i:000}") : Name($"SubPredictor_{i:000}_{j:000}"));
        return new ClassScores(Predict([.. parts], features, areProbabilities: true), classes, PairwiseCoupling.Of(classes));
    }

    private static Kernel[] Predict(ModelKey[] parts, Kernel features, bool areProbabilities) =>
    [
        .. parts.Select(part => PredictorTable.PredictOne(part, features) is var (score, probability) && !areProbabilities
            ? score
            : probability ?? throw part.Fault("it makes no probability")),
    ];

    private static int Classes(ModelKey predictor, int classes) =>
        classes is > 0 and <= MostPredictors ? classes : throw predictor.Fault($"it has {classes} classes");

    private static string Name(FormattableString name) => name.ToString(CultureInfo.InvariantCulture);
}

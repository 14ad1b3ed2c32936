using BatchScorer.Models.Compiled.Format;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Predictors.Trees;

/// <summary>Ensembles of decision trees, as FastTree, FastForest and LightGBM write them (<c>TreeEnsembleModelParameters</c>).</summary>
internal static class TreePredictor
{
    /// <summary>The layout in which forests began to write the weights of the labels at each leaf.</summary>
    private const uint LabelWeights = 0x00010002;

    /// <summary>The layouts in which each kind began to write its number of features, defaults for missing values, and categorical splits.</summary>
    private static readonly Dictionary<string, (uint Features, uint Missing, uint Categories)> Layouts = new()
    {
        ["FastTreeBinaryExec"] = (0x00010002, 0x00010004, 0x00010005),
        ["FastTreeRegressionExec"] = (0x00010002, 0x00010004, 0x00010005),
        ["FastTreeRankerExec"] = (0x00010002, 0x00010004, 0x00010005),
        ["FastTreeTweedieExec"] = (0x00010001, 0x00010002, 0x00010003),
        ["FastForestBinaryExec"] = (0x00010003, 0x00010005, 0x00010006),
        ["FastForestRegressionExec"] = (0x00010003, 0x00010005, 0x00010006),
        ["LightGBMBinaryExec"] = (0x00010002, 0x00010004, 0x00010005),
        ["LightGBMRegressionExec"] = (0x00010002, 0x00010004, 0x00010005),
        ["LightGBMRankerExec"] = (0x00010002, 0x00010004, 0x00010005),
    };

    /// <summary>The sum of the trees.</summary>
    public static Kernel Compile(ModelKey predictor, Kernel features)
    {
        var trees = Read(predictor, features, hasSampleCount: false);
        return Score(predictor, trees, features, divisor: 1);
    }

    /// <summary>The mean of the trees, whose file ends with a number of samples for quantiles.</summary>
    public static Kernel CompileMean(ModelKey predictor, Kernel features)
    {
        var trees = Read(predictor, features, hasSampleCount: true);
        return Score(predictor, trees, features, divisor: trees.Length);
    }

    /// <summary>The exponential of the sum of the trees, which learned the logarithm of the expected value.</summary>
    public static Kernel CompileTweedie(ModelKey predictor, Kernel features) => new Exponential(Compile(predictor, features));

    /// <summary>Ensembles of one model that look at the same features, as those of several classes, share what they look at.</summary>
    private static ScoreTrees Score(ModelKey predictor, Tree[] trees, Kernel features, int divisor)
    {
        var matrix = features.Shared(source => new TreeFeatures(source));
        return new ScoreTrees(matrix, TreeEnsemble.Build(predictor, trees, matrix.Columns), divisor);
    }

    private static Tree[] Read(ModelKey predictor, Kernel features, bool hasSampleCount)
    {
        Features.Width(predictor, features);
        var layout = Layouts[predictor.Signature];
        var block = predictor.Open();
        block.FloatSize();
        var trees = new Tree[block.Count(Tree.LeastLength)];
        for (var i = 0; i < trees.Length; i++)
            trees[i] = Tree.Read(block, predictor.Version >= layout.Missing, predictor.Version >= layout.Categories, predictor.Version >= LabelWeights);
        block.Double(); // bias: stored, but not part of the score
        block.StringOrNull();
        block.StringOrNull(); // the trainer's options
        var expected = predictor.Version >= layout.Features ? block.Int32() : 0;
        if (hasSampleCount)
            block.Take(sizeof(bool) + sizeof(int));
        block.End();
        if (expected != 0)
            Features.Width(predictor, features, expected);
        return trees;
    }
}

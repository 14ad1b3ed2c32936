using BatchScorer.Models.Compiled.Format;
using BatchScorer.Models.Compiled.Graph;
using BatchScorer.Models.Compiled.Predictors.Multiclass;

namespace BatchScorer.Models.Compiled.Predictors.Linear;

/// <summary>A linear model for each class (<c>LinearMulticlassModelParametersBase</c>), its weights dense or in compressed rows.</summary>
internal static class MulticlassLinearPredictor
{
    /// <summary>The weighted sums.</summary>
    public static Kernel Compile(ModelKey predictor, Kernel features) => Compile(predictor, features, Combinations.None);

    /// <summary>Probabilities: the softmax of the weighted sums.</summary>
    public static Kernel CompileMaximumEntropy(ModelKey predictor, Kernel features) =>
        Compile(predictor, features, Combinations.SoftmaxOfLogarithms);

    private static ClassScores Compile(ModelKey predictor, Kernel features, Combination combine)
    {
        var block = predictor.Open();
        block.FloatSize();
        var width = Features.Width(predictor, features, block.Int32());
        var biases = block.Array<float>();
        if (biases.Length == 0)
            throw predictor.Fault("it has no classes");
        var starts = block.Array<int>();
        var slots = block.Array<int>();
        var weights = block.Array<float>();
        block.End();
        var isDense = starts.Length == 0;
        if (isDense ? slots.Length > 0 || weights.Length != (long)biases.Length * width
            : starts.Length != biases.Length + 1 || starts[0] != 0 || starts[^1] != weights.Length || slots.Length != weights.Length)
            throw predictor.Fault($"it has {weights.Length} weights at {slots.Length} slots for {biases.Length} classes of {width} features");

        var classes = new Kernel[biases.Length];
        for (var i = 0; i < classes.Length; i++)
        {
            var (start, end) = isDense ? (i * width, (i + 1) * width) : (starts[i], starts[i + 1]);
            if (start > end || end > weights.Length)
                throw predictor.Fault("the rows of its weights overlap");
            classes[i] = LinearPredictor.Sum(predictor, features, biases[i], isDense ? [] : slots[start..end], weights[start..end]);
        }

        return new ClassScores(classes, classes.Length, combine);
    }
}

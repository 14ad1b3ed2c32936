using BatchScorer.Models.Compiled.Format;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Predictors.Additive;

/// <summary>Generalized additive models (<c>GamModelParametersBase</c>): a function of each feature, in steps.</summary>
internal static class AdditivePredictor
{
    public static Kernel Compile(ModelKey predictor, Kernel features)
    {
        var block = predictor.Open();
        var effects = new double[block.Count(2 * sizeof(double))][];
        var width = Features.Width(predictor, features, block.Int32());
        var intercept = block.Double();
        for (var i = 0; i < effects.Length; i++)
            effects[i] = block.Array<double>();
        var bounds = new double[effects.Length][];
        for (var i = 0; i < bounds.Length; i++)
            bounds[i] = block.Values<double>(effects[i].Length);

        var shapes = new ShapeFunction?[width];
        var functions = effects.Select((values, i) => Shape(predictor, bounds[i], values)).ToArray();
        for (var pairs = block.Count(2 * sizeof(int)); pairs > 0; pairs--)
        {
            var (feature, function) = (block.Int32(), block.Int32());
            if ((uint)feature >= (uint)width || (uint)function >= (uint)functions.Length || shapes[feature] is not null)
                throw predictor.Fault($"it has function {function} of {functions.Length} for feature {feature} of {width}");
            shapes[feature] = functions[function];
        }

        block.End();
        return new SumOfShapes(features, shapes, intercept, functions.Aggregate(0.0, (sum, shape) => sum + shape.AtZero));
    }

    private static ShapeFunction Shape(ModelKey predictor, double[] bounds, double[] effects)
    {
        for (var i = 1; i < bounds.Length; i++)
        {
            if (!(bounds[i] > bounds[i - 1]))
                throw predictor.Unsupported("has bins that do not ascend");
        }

        return bounds.Length > 0 && bounds[^1] >= 0
            ? new ShapeFunction(bounds, effects)
            : throw predictor.Unsupported("has a function that is not defined at zero");
    }
}

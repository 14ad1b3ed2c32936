namespace BatchScorer.Models.Compiled.Predictors.Additive;

/// <summary>A function that is constant from one bound to the next.</summary>
/// <param name="bounds">The upper bound of each bin, ascending; a value on a bound belongs to the bin below it.</param>
/// <param name="effects">The value in each bin.</param>
internal sealed class ShapeFunction(double[] bounds, double[] effects)
{
    /// <summary>The value at 0.</summary>
    public double AtZero { get; } = effects[Bin(bounds, 0)];

    /// <summary>The value at a point, NaN being in the lowest bin; false above the highest bound, where there is none.</summary>
    public bool TryEvaluate(float at, out double effect)
    {
        var bin = Bin(bounds, at);
        effect = bin < effects.Length ? effects[bin] : 0;
        return bin < effects.Length;
    }

    private static int Bin(double[] bounds, double at)
    {
        if (double.IsNaN(at))
            return 0;
        var bin = bounds.AsSpan().BinarySearch(at);
        return bin < 0 ? ~bin : bin;
    }
}

namespace BatchScorer.Quality.Metrics;

/// <summary>The logarithmic loss of one prediction, in nats.</summary>
internal static class LogLoss
{
    /// <summary>
    /// Probabilities are kept this far from 0 and 1, as by scikit-learn's <c>log_loss</c> on double precision: one that was sure and wrong costs
    /// 36.04 instead of infinitely much.
    /// </summary>
    public const double Clip = 2.220446049250313e-16;

    /// <param name="probability">The probability that was predicted for what happened.</param>
    public static double Of(double probability) => -Math.Log(Math.Clamp(probability, Clip, 1 - Clip));

    /// <param name="probability">The probability that was predicted for the positive class.</param>
    /// <param name="isPositive">Whether it was that class.</param>
    public static double Of(double probability, bool isPositive)
    {
        var clipped = Math.Clamp(probability, Clip, 1 - Clip);
        return -Math.Log(isPositive ? clipped : 1 - clipped);
    }
}

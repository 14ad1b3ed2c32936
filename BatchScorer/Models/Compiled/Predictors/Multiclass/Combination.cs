namespace BatchScorer.Models.Compiled.Predictors.Multiclass;

/// <summary>Makes the scores of a row out of those of separate predictors.</summary>
/// <param name="scores">A score each, which are replaced.</param>
/// <param name="room">As many doubles to work with.</param>
internal delegate void Combination(Span<float> scores, Span<double> room);

/// <summary>The ways in which ML.NET combines scores of classes, in its order of summation.</summary>
internal static class Combinations
{
    /// <summary>How much less than the largest a logarithm may be to count in a sum.</summary>
    private const float LeastLogarithm = 30;

    /// <summary>As they are.</summary>
    public static void None(Span<float> scores, Span<double> room)
    {
    }

    /// <summary>Probabilities divided by their sum; negative ones count as 0, NaN stays NaN and counts for nothing.</summary>
    public static void Probabilities(Span<float> scores, Span<double> room)
    {
        double sum = 0;
        foreach (ref var score in scores)
        {
            if (score >= 0)
                sum += score;
            else if (!float.IsNaN(score))
                score = 0;
        }

        if (!(sum > 0))
            return;
        foreach (ref var score in scores)
            score = (float)(score / sum);
    }

    /// <summary>Softmax in double.</summary>
    public static void Softmax(Span<float> scores, Span<double> room)
    {
        double sum = 0;
        for (var i = 0; i < scores.Length; i++)
            sum += room[i] = Math.Exp(scores[i]);
        for (var i = 0; i < scores.Length; i++)
            scores[i] = (float)(room[i] / sum);
    }

    /// <summary>Softmax by way of the logarithm of the sum, in float.</summary>
    public static void SoftmaxOfLogarithms(Span<float> scores, Span<double> room)
    {
        var logarithm = LogarithmOfSum(scores);
        foreach (ref var score in scores)
            score = (float)Math.Exp(score - logarithm);
    }

    private static float LogarithmOfSum(ReadOnlySpan<float> logarithms)
    {
        var (largest, at) = (float.NegativeInfinity, 0);
        for (var i = 0; i < logarithms.Length; i++)
        {
            if (logarithms[i] > largest)
                (largest, at) = (logarithms[i], i);
        }

        if (float.IsNegativeInfinity(largest))
            return largest;
        double sum = 0;
        for (var i = 0; i < logarithms.Length; i++)
        {
            if (i != at && logarithms[i] > largest - LeastLogarithm)
                sum += Math.Exp(logarithms[i] - largest);
        }

        return sum > 0 ? (float)(largest + Math.Log(1 + sum)) : largest;
    }
}

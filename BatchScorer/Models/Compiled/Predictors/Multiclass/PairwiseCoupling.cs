namespace BatchScorer.Models.Compiled.Predictors.Multiclass;

/// <summary>
/// Probabilities of classes out of those of pairs of classes (<c>TLC PKPD</c>). The pairs are a lower triangle, row after row:
/// in row i, that of i or j for each j below i, and last that of i alone.
/// </summary>
internal static class PairwiseCoupling
{
    /// <summary>How many predictors there are for so many classes.</summary>
    public static long Pairs(int classes) => (long)classes * (classes + 1) / 2;

    /// <summary>Makes the combination for a number of classes.</summary>
    public static Combination Of(int classes) => (scores, room) =>
    {
        for (var i = 0; i < scores.Length; i++)
            room[i] = scores[i];
        for (var i = 0; i < classes; i++)
            Reconcile(room, i, classes);

        // A class's result replaces the first of what only classes up to it need.
        double sum = 0;
        for (var i = 0; i < classes; i++)
            sum += room[i] = Alone(room, i, classes);
        if (sum <= 0)
            sum = 1;
        for (var i = 0; i < classes; i++)
            scores[i] = (float)(room[i] / sum);
    };

    /// <summary>A pair is at least as likely as either of its classes.</summary>
    private static void Reconcile(Span<double> pairs, int i, int classes)
    {
        var alone = pairs[Index(i, i)];
        for (var j = 0; alone > 0 && j < classes; j++)
        {
            ref var pair = ref pairs[Index(i, j)];
            if (!(pair >= alone))
                pair = alone;
        }
    }

    private static double Alone(ReadOnlySpan<double> pairs, int i, int classes)
    {
        var alone = pairs[Index(i, i)];
        if (!(alone > 0))
            return 0;
        double sum = 0;
        for (var j = 0; j < classes; j++)
        {
            if (j != i)
                sum += pairs[Index(i, j)];
        }

        return alone / Math.Max(alone, sum - (classes - 2) * alone);
    }

    private static int Index(int i, int j) => i >= j ? i * (i + 1) / 2 + j : Index(j, i);
}

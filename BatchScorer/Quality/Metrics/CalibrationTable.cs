namespace BatchScorer.Quality.Metrics;

/// <summary>The predictions of a range of probabilities, and how often they came true.</summary>
/// <param name="From">The least probability; not included, but for 0.</param>
/// <param name="To">The greatest, included.</param>
/// <param name="Rows">How many predictions lie between.</param>
/// <param name="MeanProbability">The mean of their probabilities; null where there are none.</param>
/// <param name="PositiveShare">The share of them that came true; null where there are none.</param>
internal sealed record CalibrationBin(double From, double To, long Rows, double? MeanProbability, double? PositiveShare);

/// <summary>
/// Whether what was predicted with a probability of 0.3 came true in 30 of 100 cases: ten bins of equal width, bounded as those of scikit-learn's
/// <c>calibration_curve</c>, which leaves out those that are empty.
/// </summary>
internal static class CalibrationTable
{
    private const int Bins = 10;

    /// <param name="probabilities">From 0 to 1.</param>
    /// <param name="positive">Whether each came true.</param>
    public static IReadOnlyList<CalibrationBin> Of(ReadOnlySpan<double> probabilities, ReadOnlySpan<bool> positive)
    {
        var (rows, positives, sums) = (new long[Bins], new long[Bins], new double[Bins]);
        for (var i = 0; i < probabilities.Length; i++)
        {
            var bin = BinOf(probabilities[i]);
            rows[bin]++;
            sums[bin] += probabilities[i];
            if (positive[i])
                positives[bin]++;
        }

        return [.. Enumerable.Range(0, Bins).Select(bin => new CalibrationBin(
            Edge(bin), Edge(bin + 1), rows[bin],
            rows[bin] == 0 ? null : sums[bin] / rows[bin],
            rows[bin] == 0 ? null : positives[bin] / (double)rows[bin]))];
    }

    private static double Edge(int bin) => bin / (double)Bins;

    private static int BinOf(double probability)
    {
        var bin = 0;
        while (bin < Bins - 1 && probability > Edge(bin + 1))
            bin++;
        return bin;
    }
}

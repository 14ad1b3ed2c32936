namespace BatchScorer.Drift;

/// <summary>Distances between two samples of numbers, from their shares at or below each number.</summary>
internal static class NumberDistances
{
    /// <summary>
    /// The Kolmogorov-Smirnov statistic: the greatest difference between the shares at or below a number. Numbers are looked at where bins
    /// end, so it may fall short of the one on the values by what lies within a bin; where each value has a bin, it is the same.
    /// </summary>
    /// <remarks>NannyML does it on 10,000 bins from 10,000 rows on.</remarks>
    public static double KolmogorovSmirnov(AlignedBins aligned)
    {
        var greatest = 0.0;
        foreach (var (_, _, after) in Differences(aligned))
            greatest = Math.Max(greatest, Math.Abs(after));
        return greatest;
    }

    /// <summary>
    /// The Wasserstein distance, the area between both curves of shares, in standard deviations of the reference (of 0.001 at the least, as
    /// Evidently has it). Values are taken to lie evenly within a bin; infinite ones count for no width.
    /// </summary>
    /// <param name="aligned">The samples.</param>
    /// <param name="standardDeviation">The reference's.</param>
    /// <remarks>Evidently, <c>calculations/stattests/wasserstein_distance_norm.py</c>.</remarks>
    public static double Wasserstein(AlignedBins aligned, double standardDeviation)
    {
        var (area, end, gap) = (0.0, double.NaN, 0.0);
        foreach (var (bin, before, after) in Differences(aligned))
        {
            if (double.IsFinite(bin.Least - end))
                area += (bin.Least - end) * Math.Abs(gap);
            if (double.IsFinite(bin.Greatest - bin.Least))
                area += (bin.Greatest - bin.Least) * MeanOfLine(before, after);
            (end, gap) = (bin.Greatest, after);
        }

        return area / Math.Max(standardDeviation, 0.001);
    }

    /// <summary>The mean distance from 0 on a straight line, which may cross it.</summary>
    private static double MeanOfLine(double from, double to) => from * to >= 0
        ? Math.Abs(from + to) / 2
        : (from * from + to * to) / (2 * (Math.Abs(from) + Math.Abs(to)));

    /// <summary>How much more of the current rows lie below each bin, and below its end.</summary>
    private static IEnumerable<(AlignedBin Bin, double Before, double After)> Differences(AlignedBins aligned)
    {
        var allOfReference = (double)aligned.Bins.Sum(bin => bin.Reference);
        var allOfCurrent = (double)aligned.Bins.Sum(bin => bin.Current);
        var (reference, current, before) = (0L, 0L, 0.0);
        foreach (var bin in aligned.Bins)
        {
            reference += bin.Reference;
            current += bin.Current;
            var after = current / allOfCurrent - reference / allOfReference;
            yield return (bin, before, after);
            before = after;
        }
    }
}

using BatchScorer.Profiles;

namespace BatchScorer.Drift;

/// <summary>Compares a column's profile with that of a reference by every measure that its kind of values has.</summary>
internal static class ColumnDrift
{
    /// <summary>Rows with a value that both samples need before a difference is called drift.</summary>
    public const long FewestRows = 1000;

    /// <summary>
    /// The most that the PSI of two samples of the same distribution may be on average, <c>(groups - 1)·(1/n + 1/m)</c>, for a difference to be
    /// called drift: at 0.055 the Jensen-Shannon distance would be 0.1 by chance alone.
    /// </summary>
    public const double MostByChance = 0.02;

    /// <summary>The measures and their values; only the null rate where one of the two has no values.</summary>
    public static IReadOnlyDictionary<DriftMeasure, double> Measure(ColumnProfile reference, ColumnProfile current)
    {
        var measures = new Dictionary<DriftMeasure, double>();
        if (reference.Rows > 0 && current.Rows > 0)
            measures[DriftMeasure.NullRate] = Math.Abs(current.MissingShare - reference.MissingShare);
        if (reference.Present == 0 || current.Present == 0)
            return measures;
        var groups = Group(reference, current);
        var (before, now) = groups.Shares();
        measures[DriftMeasure.Psi] = Divergences.Psi(before, now);
        measures[DriftMeasure.JensenShannon] = Divergences.JensenShannon(before, now);
        if (reference is NumberProfile numbers)
            AddOfNumbers(measures, numbers, (NumberProfile)current);
        else
            AddOfCategories(measures, groups, new CategoryDistances((CategoryProfile)reference, (CategoryProfile)current));
        return measures;
    }

    /// <summary>Whether there are rows enough for a difference to be more than chance.</summary>
    public static bool HasEnoughRows(ColumnProfile reference, ColumnProfile current, DriftMeasure measure)
    {
        if (measure is DriftMeasure.NullRate)
            return Math.Min(reference.Rows, current.Rows) >= FewestRows;
        return Math.Min(reference.Present, current.Present) >= FewestRows
            && (Group(reference, current).Count - 1) * (1.0 / reference.Present + 1.0 / current.Present) <= MostByChance;
    }

    private static GroupedRows Group(ColumnProfile reference, ColumnProfile current) => reference is NumberProfile numbers
        ? new AlignedBins(numbers.Histogram, ((NumberProfile)current).Histogram).Grouped()
        : new CategoryDistances((CategoryProfile)reference, (CategoryProfile)current).Grouped();

    private static void AddOfNumbers(Dictionary<DriftMeasure, double> measures, NumberProfile reference, NumberProfile current)
    {
        var aligned = new AlignedBins(reference.Histogram, current.Histogram);
        var statistic = NumberDistances.KolmogorovSmirnov(aligned);
        measures[DriftMeasure.KolmogorovSmirnov] = statistic;
        measures[DriftMeasure.KolmogorovSmirnovP] = SignificanceTests.KolmogorovSmirnov(statistic, reference.Present, current.Present);
        if (reference.StandardDeviation is { } deviation)
            measures[DriftMeasure.Wasserstein] = NumberDistances.Wasserstein(aligned, deviation);
    }

    private static void AddOfCategories(Dictionary<DriftMeasure, double> measures, GroupedRows groups, CategoryDistances distances)
    {
        (measures[DriftMeasure.ChiSquared], measures[DriftMeasure.ChiSquaredP]) = SignificanceTests.ChiSquared(groups);
        measures[DriftMeasure.LInfinity] = distances.LInfinity();
        if (distances.NewCategories() is { } share)
            measures[DriftMeasure.NewCategories] = share;
    }
}

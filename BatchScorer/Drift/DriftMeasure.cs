namespace BatchScorer.Drift;

/// <summary>What can be said of how two distributions of a column differ. Of all but the two p-values, more is farther apart.</summary>
internal enum DriftMeasure
{
    /// <summary>Population stability index, of numbers and categories; see <see cref="Divergences.Psi"/>.</summary>
    Psi,

    /// <summary>Jensen-Shannon distance, from 0 to 1, of numbers and categories; see <see cref="Divergences.JensenShannon"/>.</summary>
    JensenShannon,

    /// <summary>Kolmogorov-Smirnov statistic, from 0 to 1, of numbers; see <see cref="NumberDistances.KolmogorovSmirnov"/>.</summary>
    KolmogorovSmirnov,

    /// <summary>How likely a statistic as great is by chance; see <see cref="SignificanceTests.KolmogorovSmirnov"/>.</summary>
    KolmogorovSmirnovP,

    /// <summary>Wasserstein distance in standard deviations of the reference, of numbers; see <see cref="NumberDistances.Wasserstein"/>.</summary>
    Wasserstein,

    /// <summary>Statistic of the chi-squared test, of categories; see <see cref="SignificanceTests.ChiSquared"/>.</summary>
    ChiSquared,

    /// <summary>How likely a statistic as great is by chance.</summary>
    ChiSquaredP,

    /// <summary>The greatest difference between a category's shares, from 0 to 1; see <see cref="CategoryDistances.LInfinity"/>.</summary>
    LInfinity,

    /// <summary>How far apart the shares of missing values are, from 0 to 1.</summary>
    NullRate,

    /// <summary>Share of the values that the reference does not have; see <see cref="CategoryDistances.NewCategories"/>.</summary>
    NewCategories,
}

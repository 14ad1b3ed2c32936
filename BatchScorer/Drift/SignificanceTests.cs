namespace BatchScorer.Drift;

/// <summary>How likely a difference as great is by chance. The more rows there are, the smaller a difference such tests find.</summary>
internal static class SignificanceTests
{
    /// <summary>
    /// Pearson's chi-squared test of a table of two samples and their groups, with Yates's correction where there are but two groups. Groups
    /// without rows are left out.
    /// </summary>
    /// <remarks>As SciPy's <c>chi2_contingency</c> does it by default, which NannyML calls.</remarks>
    public static (double Statistic, double P) ChiSquared(GroupedRows groups)
    {
        var table = groups.Reference.Zip(groups.Current).Where(rows => rows.First + rows.Second > 0).ToList();
        var (reference, current) = ((double)groups.Reference.Sum(), (double)groups.Current.Sum());
        var freedom = table.Count - 1;
        if (freedom == 0)
            return (0, 1);
        var statistic = 0.0;
        foreach (var (first, second) in table)
        {
            var expected = (first + second) * reference / (reference + current);
            var apart = Math.Abs(first - expected); // the same in both samples
            if (freedom == 1)
                apart -= Math.Min(0.5, apart);
            statistic += apart * apart * (1 / expected + 1 / (first + second - expected));
        }

        return (statistic, IncompleteGamma.Upper(freedom / 2.0, statistic / 2));
    }

    /// <summary>
    /// The p-value of a Kolmogorov-Smirnov statistic of two samples: the limit <c>2·Σ (-1)^(j-1)·exp(-2·j²·λ²)</c> with Stephens's
    /// <c>λ = (√n + 0.12 + 0.11/√n)·D</c> for samples of any size.
    /// </summary>
    /// <remarks>Stephens (1970), Journal of the Royal Statistical Society B 32, 115.</remarks>
    public static double KolmogorovSmirnov(double statistic, long reference, long current)
    {
        var root = Math.Sqrt((double)reference * current / (reference + current));
        var lambda = (root + 0.12 + 0.11 / root) * statistic;
        // Below this the series needs many terms, and its sum is 1 to ten digits.
        if (lambda < 0.25)
            return 1;
        var sum = 0.0;
        for (var j = 1; j <= 20; j++)
            sum += (j % 2 == 1 ? 2 : -2) * Math.Exp(-2 * j * j * lambda * lambda);
        return Math.Clamp(sum, 0, 1);
    }
}

namespace BatchScorer.Drift;

/// <summary>Distances between two lists of shares of the same groups.</summary>
internal static class Divergences
{
    /// <summary>
    /// The population stability index, <c>Σ (p - q)·ln(p / q)</c>. A share of 0 is replaced as Evidently does it: by 0.0001, or by a
    /// millionth of the sample's least share where that is 0.0001 or less.
    /// </summary>
    /// <remarks>Evidently, <c>calculations/stattests/psi.py</c> and <c>get_binned_data</c> in <c>utils.py</c>.</remarks>
    public static double Psi(IReadOnlyList<double> reference, IReadOnlyList<double> current) =>
        WithoutZeros(reference).Zip(WithoutZeros(current), (p, q) => (p - q) * Math.Log(p / q)).Sum();

    /// <summary>
    /// The Jensen-Shannon distance: the square root of the mean of both samples' Kullback-Leibler divergences from their mean, with
    /// logarithms to base 2, so that it goes from 0 to 1.
    /// </summary>
    /// <remarks>NannyML, <c>drift/univariate/methods.py</c>, takes base 2 too; Evidently takes natural logarithms, whose distance is 0.83 of this.</remarks>
    public static double JensenShannon(IReadOnlyList<double> reference, IReadOnlyList<double> current)
    {
        var divergence = reference.Zip(current, (p, q) => (Term(p, (p + q) / 2) + Term(q, (p + q) / 2)) / 2).Sum();
        return Math.Sqrt(Math.Clamp(divergence, 0, 1));
    }

    private static double Term(double share, double mean) => share == 0 ? 0 : share * Math.Log2(share / mean);

    private static IEnumerable<double> WithoutZeros(IReadOnlyList<double> shares)
    {
        var least = shares.Where(share => share > 0).Min();
        var zero = least <= 0.0001 ? least / 1_000_000 : 0.0001;
        return shares.Select(share => share == 0 ? zero : share);
    }
}

namespace BatchScorer.Drift;

/// <summary>The rows of two samples in the same groups of values.</summary>
/// <param name="Reference">Of the sample that is compared with.</param>
/// <param name="Current">Of the sample in question.</param>
internal sealed record GroupedRows(IReadOnlyList<long> Reference, IReadOnlyList<long> Current)
{
    public int Count => Reference.Count;

    /// <summary>The shares of all groups, first those of the reference.</summary>
    public (double[] Reference, double[] Current) Shares() => (Shares(Reference), Shares(Current));

    private static double[] Shares(IReadOnlyList<long> rows)
    {
        var all = (double)rows.Sum();
        return [.. rows.Select(count => count / all)];
    }
}

namespace BatchScorer.Drift;

/// <summary>How a measure has spread over past runs that it did not call drifted.</summary>
/// <param name="Runs">How many runs.</param>
/// <param name="Mean">The mean.</param>
/// <param name="StandardDeviation">The standard deviation of a sample; 0 for a single run.</param>
internal sealed record PastSpread(long Runs, double Mean, double StandardDeviation);

/// <summary>From which value on a measure is called drift.</summary>
internal static class DriftLimit
{
    /// <summary>For every distance, as long as nothing else is known: Evidently's and NannyML's default for PSI, Jensen-Shannon, Wasserstein and L-infinity.</summary>
    public const double Fixed = 0.1;

    /// <summary>Past runs that tell how a measure spreads: at least so many, and of no more than the newest <see cref="MostRuns"/>.</summary>
    public const int FewestRuns = 5;

    /// <inheritdoc cref="FewestRuns"/>
    public const int MostRuns = 20;

    /// <summary>Below which nothing is drift by the spread over past runs: where these were all alike, any difference would be.</summary>
    public const double Least = 0.02;

    /// <summary>The limit by which a measure goes.</summary>
    /// <param name="measure">The measure.</param>
    /// <param name="named">What the job says; null when it says nothing.</param>
    /// <param name="past">Its past; null when there is none.</param>
    /// <returns>
    /// The job's limit; otherwise mean and three standard deviations over past runs, as NannyML has it for periods; otherwise <see cref="Fixed"/>.
    /// Null for tests, unless the job names a limit: with as many rows as runs have, any difference is significant.
    /// </returns>
    public static double? Of(DriftMeasure measure, double? named, PastSpread? past)
    {
        if (named is not null || measure is DriftMeasure.ChiSquared || IsP(measure))
            return named;
        return past?.Runs >= FewestRuns ? Math.Max(Least, past.Mean + 3 * past.StandardDeviation) : Fixed;
    }

    /// <summary>Whether a value is beyond its limit.</summary>
    public static bool IsBeyond(DriftMeasure measure, double value, double limit) => IsP(measure) ? value < limit : value >= limit;

    /// <summary>How far a value is beyond its limit: 1 at the limit, 0 without one.</summary>
    public static double Excess(DriftMeasure measure, double value, double? limit)
    {
        if (limit is not { } most)
            return 0;
        var (over, under) = IsP(measure) ? (most, value) : (value, most);
        return over == 0 ? 0 : over / under;
    }

    private static bool IsP(DriftMeasure measure) => measure is DriftMeasure.ChiSquaredP or DriftMeasure.KolmogorovSmirnovP;
}

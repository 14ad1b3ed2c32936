using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using BatchScorer.Drift;

namespace BatchScorer.Jobs;

/// <summary>Values of measures from which on a column's difference is called drift; null for the default.</summary>
internal sealed record JobDriftLimits
{
    [Description("Population stability index. Default: by past runs.")]
    [Range(0.0, 1000.0)]
    public double? Psi { get; init; }

    [Description("Jensen-Shannon distance. Default: by past runs.")]
    [Range(0.0, 1.0)]
    public double? JensenShannon { get; init; }

    [Description("Kolmogorov-Smirnov statistic. Default: by past runs.")]
    [Range(0.0, 1.0)]
    public double? KolmogorovSmirnov { get; init; }

    [Description("P-value of the Kolmogorov-Smirnov test, below which it is drift. Default: never.")]
    [Range(0.0, 1.0)]
    public double? KolmogorovSmirnovP { get; init; }

    [Description("Wasserstein distance, in standard deviations of the reference. Default: by past runs.")]
    [Range(0.0, 1000.0)]
    public double? Wasserstein { get; init; }

    [Description("P-value of the chi-squared test, below which it is drift. Default: never.")]
    [Range(0.0, 1.0)]
    public double? ChiSquaredP { get; init; }

    [Description("Greatest difference between a category's shares. Default: by past runs.")]
    [Range(0.0, 1.0)]
    public double? LInfinity { get; init; }

    [Description("Difference between the shares of missing values. Default: by past runs.")]
    [Range(0.0, 1.0)]
    public double? NullRate { get; init; }

    [Description("Share of values that the reference does not have. Default: by past runs.")]
    [Range(0.0, 1.0)]
    public double? NewCategories { get; init; }

    /// <summary>The limit of a measure; null for the default.</summary>
    public double? Of(DriftMeasure measure) => measure switch
    {
        DriftMeasure.Psi => Psi,
        DriftMeasure.JensenShannon => JensenShannon,
        DriftMeasure.KolmogorovSmirnov => KolmogorovSmirnov,
        DriftMeasure.KolmogorovSmirnovP => KolmogorovSmirnovP,
        DriftMeasure.Wasserstein => Wasserstein,
        DriftMeasure.ChiSquaredP => ChiSquaredP,
        DriftMeasure.LInfinity => LInfinity,
        DriftMeasure.NullRate => NullRate,
        DriftMeasure.NewCategories => NewCategories,
        _ => null,
    };
}

using System.Globalization;
using BatchScorer.Profiles;

namespace BatchScorer.Drift;

/// <summary>An input whose values cannot be what the model was made for.</summary>
/// <param name="Input">The model's name for it.</param>
/// <param name="Message">What its values are like, and what was expected.</param>
internal sealed record MisfitInput(string Input, string Message);

/// <summary>
/// Holds a sample of a source against the rows that a model was made with: not whether it has drifted, but whether a column is empty, is
/// written otherwise or is another one.
/// </summary>
internal static class SampleCheck
{
    /// <summary>Fewer rows tell nothing.</summary>
    public const int FewestRows = 100;

    /// <summary>Rows that are looked at.</summary>
    public const int MostRows = 1000;

    /// <summary>From which difference between the shares of missing values on a column is another one.</summary>
    public const double MostMissing = 0.5;

    /// <summary>From which share of values on that the reference does not have a column is another one.</summary>
    public const double MostUnknown = 0.5;

    /// <summary>The Kolmogorov-Smirnov statistic from which on numbers are unlike their own reference.</summary>
    public const double Unlike = 0.5;

    /// <summary>The statistic up to which numbers are like another input's reference.</summary>
    public const double Alike = 0.2;

    /// <summary>What does not fit, input by input; nothing where there are too few rows to tell.</summary>
    /// <param name="reference">Of the rows that the model was made with.</param>
    /// <param name="sample">Of the source's.</param>
    public static IReadOnlyList<MisfitInput> Find(TableProfile reference, TableProfile sample)
    {
        var pairs = sample.Columns
            .Where(column => column.Side is ProfileSide.Input && column.Rows >= FewestRows)
            .Select(column => (Reference: reference.Find(column), Sample: column))
            .Where(pair => pair.Reference is { Rows: >= FewestRows })
            .Select(pair => (Reference: pair.Reference!, pair.Sample))
            .ToList();
        var misfits = pairs.Select(pair => FindOwn(pair.Reference, pair.Sample)).OfType<MisfitInput>().ToList();
        return [.. misfits, .. FindTaken([.. pairs.Where(pair => misfits.TrueForAll(misfit => misfit.Input != pair.Sample.Name))])];
    }

    private static MisfitInput? FindOwn(ColumnProfile reference, ColumnProfile sample)
    {
        if (Math.Abs(sample.MissingShare - reference.MissingShare) >= MostMissing)
            return new MisfitInput(sample.Name, DriftDetail.Of(DriftMeasure.NullRate, reference, sample));
        if (reference is not CategoryProfile { Present: > 0 } before || sample is not CategoryProfile { Present: >= FewestRows } now)
            return null;
        return new CategoryDistances(before, now).NewCategories() is >= MostUnknown and var share
            ? new MisfitInput(sample.Name, string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.##} % of the values are unknown to the model: {DriftDetail.Of(DriftMeasure.NewCategories, before, now)}"))
            : null;
    }

    /// <summary>Finds numbers that are unlike what their input is to have, and like what another one is to have, whose own are unlike it too.</summary>
    private static IEnumerable<MisfitInput> FindTaken(IReadOnlyList<(ColumnProfile Reference, ColumnProfile Sample)> pairs)
    {
        var unlike = pairs.Where(pair => Distance(pair.Reference, pair.Sample) >= Unlike).ToList();
        foreach (var (_, sample) in unlike)
        {
            var others = unlike.Where(other => other.Sample.Name != sample.Name && Distance(other.Reference, sample) <= Alike).ToList();
            if (others.Count > 0)
            {
                var like = others.MinBy(other => Distance(other.Reference, sample));
                yield return new MisfitInput(sample.Name, $"the values are those of \"{like.Sample.Name}\", and not its own");
            }
        }
    }

    /// <summary>The Kolmogorov-Smirnov statistic; NaN, which is neither near nor far, where either has too few numbers.</summary>
    private static double Distance(ColumnProfile reference, ColumnProfile sample) =>
        reference is NumberProfile { Present: >= FewestRows } before && sample is NumberProfile { Present: >= FewestRows } now
            ? NumberDistances.KolmogorovSmirnov(new AlignedBins(before.Histogram, now.Histogram))
            : double.NaN;
}

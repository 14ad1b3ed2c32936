using BatchScorer.Drift;
using BatchScorer.Profiles;
using BatchScorer.Reports.Distributions;

namespace BatchScorer.Reports.Watching;

/// <summary>Distributions as profiles know them: nothing has to be counted.</summary>
internal static class ComparedDistribution
{
    private const int MostValues = 8;

    /// <summary>A column's values beside others.</summary>
    /// <param name="now">The run's.</param>
    /// <param name="before">Those it was compared with.</param>
    /// <param name="nameOfBefore">What these are, such as <c>run 1</c>.</param>
    /// <returns>
    /// Numbers in the groups by which they are compared, each with about as many rows of those before; texts by the values that are the most
    /// frequent in either. Null where there are no values, or not of the same kind.
    /// </returns>
    public static OutputDistribution? Of(ColumnProfile now, ColumnProfile before, string nameOfBefore) => (now, before) switch
    {
        ({ Present: 0 }, { Present: 0 }) => null,
        (NumberProfile numbers, NumberProfile others) => Of(numbers, others, nameOfBefore),
        (CategoryProfile categories, CategoryProfile others) => Of(categories, others, nameOfBefore),
        _ => null,
    };

    private static NumberDistribution Of(NumberProfile now, NumberProfile before, string nameOfBefore) => new(
        now.Name, [.. new AlignedBins(before.Histogram, now.Histogram).Bars().Select(bar => new NumberBin(bar.Least, bar.Greatest, new Pair(bar.Current, bar.Reference)))])
    {
        Before = nameOfBefore,
        Counted = new Pair(now.Present, before.Present),
        Left = new Pair(now.Missing, before.Missing),
        Now = Summary(now) ?? new NumberSummary(double.NaN, double.NaN, double.NaN),
        Then = Summary(before),
    };

    private static NumberSummary? Summary(NumberProfile numbers) => numbers.Present == 0 ? null : new NumberSummary(numbers.Min, numbers.Mean ?? double.NaN, numbers.Max);

    // What few rows have might tell of a single person.
    private static ValueDistribution Of(CategoryProfile now, CategoryProfile before, string nameOfBefore)
    {
        var named = new CategoryDistances(before, now).Shared
            .Where(value => Math.Max(value.Reference, value.Current) >= DriftDetail.FewestToName)
            .OrderByDescending(value => Share(value.Current, now) + Share(value.Reference, before))
            .Take(MostValues)
            .Select(value => (value.Category.Text, new Pair(value.Current, value.Reference)))
            .ToList();
        return new ValueDistribution(
            now.Name, named, new Pair(now.Present - named.Sum(value => value.Item2.Now), before.Present - named.Sum(value => value.Item2.Then)))
        {
            Before = nameOfBefore,
            Counted = new Pair(now.Present, before.Present),
            Left = new Pair(now.Missing, before.Missing),
        };
    }

    private static double Share(long rows, CategoryProfile of) => of.Present == 0 ? 0 : (double)rows / of.Present;
}

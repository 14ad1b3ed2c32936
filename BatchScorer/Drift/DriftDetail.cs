using System.Globalization;
using BatchScorer.Profiles;

namespace BatchScorer.Drift;

/// <summary>Says of a column that has drifted what to look at.</summary>
internal static class DriftDetail
{
    /// <summary>Rows that a value must have to be named: a value of fewer might tell of a single person.</summary>
    public const int FewestToName = 10;

    private const int MostNamed = 3;

    public static string Of(DriftMeasure measure, ColumnProfile reference, ColumnProfile current) => measure switch
    {
        DriftMeasure.NullRate => Say($"{Percent(current.MissingShare)} of the rows have no value, {Percent(reference.MissingShare)} had none"),
        DriftMeasure.NewCategories => New(new CategoryDistances((CategoryProfile)reference, (CategoryProfile)current)),
        _ when reference is CategoryProfile categories => Category(new CategoryDistances(categories, (CategoryProfile)current)),
        _ => Number((NumberProfile)reference, (NumberProfile)current),
    };

    private static string New(CategoryDistances distances)
    {
        var named = distances.New.Where(category => category.Rows >= FewestToName).Take(MostNamed).Select(category => Say($"\"{category.Text}\" ({category.Rows:N0} rows)")).ToList();
        var count = distances.New.Count();
        return Say($"{count:N0} new value(s){(named.Count == 0 ? "" : ": " + string.Join(", ", named))}{(count > named.Count && named.Count > 0 ? " and others" : "")}");
    }

    private static string Category(CategoryDistances distances)
    {
        var (category, before, now) = distances.MostChanged();
        var name = category.Rows >= FewestToName ? $"\"{category.Text}\"" : "a rare value";
        return Say($"{name} is {Percent(now)} of the values, was {Percent(before)}");
    }

    private static string Number(NumberProfile reference, NumberProfile current)
    {
        var mean = reference.Mean is { } before && current.Mean is { } now ? Say($"the mean went from {before:G4} to {now:G4}, ") : "";
        var outside = current.Min < reference.Min || current.Max > reference.Max ? Say($"; values now reach from {current.Min:G4} to {current.Max:G4}, they did from {reference.Min:G4} to {reference.Max:G4}") : "";
        return Say($"{mean}the standard deviation from {reference.StandardDeviation ?? 0:G4} to {current.StandardDeviation ?? 0:G4}{outside}");
    }

    private static string Percent(double share) => Say($"{share * 100:0.##} %");

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

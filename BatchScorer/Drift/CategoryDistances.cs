using BatchScorer.Profiles;

namespace BatchScorer.Drift;

/// <summary>Distances between two samples of categories. Of those with more values than are kept, both are looked at up to the smaller hash.</summary>
internal sealed class CategoryDistances
{
    /// <summary>How many of the reference's values have a group of their own, the most frequent ones; all others share one.</summary>
    public const int MostGroups = 50;

    private readonly CategoryProfile reference;
    private readonly CategoryProfile current;
    private readonly List<(Category Category, long Reference, long Current)> shared;

    public CategoryDistances(CategoryProfile reference, CategoryProfile current)
    {
        (this.reference, this.current) = (reference, current);
        var upTo = Math.Min(reference.KeptUpTo, current.KeptUpTo);
        shared =
        [
            .. reference.Categories.Select(category => (Category: category, Reference: category.Rows, Current: 0L))
                .Concat(current.Categories.Select(category => (Category: category, Reference: 0L, Current: category.Rows)))
                .Where(row => row.Category.Hash <= upTo)
                .GroupBy(row => row.Category.Hash)
                .Select(same => (same.First().Category, same.Sum(row => row.Reference), same.Sum(row => row.Current))),
        ];
    }

    /// <summary>The values that are looked at, and the rows of each.</summary>
    public IReadOnlyList<(Category Category, long Reference, long Current)> Shared => shared;

    /// <summary>The values that the reference does not have, and the rows of each.</summary>
    public IEnumerable<Category> New => shared.Where(row => row.Reference == 0).Select(row => row.Category).OrderByDescending(category => category.Rows);

    /// <summary>The rows in a group for each of the reference's most frequent values, and one for all others.</summary>
    public GroupedRows Grouped()
    {
        var own = shared.Where(row => row.Reference > 0).OrderByDescending(row => row.Reference).ThenBy(row => row.Category.Hash).Take(MostGroups).ToList();
        var others = (Reference: reference.Present - own.Sum(row => row.Reference), Current: current.Present - own.Sum(row => row.Current));
        if (others != (0, 0))
            own.Add((null!, others.Reference, others.Current));
        return new GroupedRows([.. own.Select(row => row.Reference)], [.. own.Select(row => row.Current)]);
    }

    /// <summary>The value whose share has changed the most, with both shares.</summary>
    public (Category Category, double Reference, double Current) MostChanged() => shared
        .Select(row => (row.Category, Reference: (double)row.Reference / reference.Present, Current: (double)row.Current / current.Present))
        .MaxBy(row => Math.Abs(row.Reference - row.Current));

    /// <summary>The greatest difference between a value's shares, <c>max |p - q|</c>.</summary>
    /// <remarks>NannyML, <c>drift/univariate/methods.py</c>.</remarks>
    public double LInfinity()
    {
        var (_, before, now) = MostChanged();
        return Math.Abs(before - now);
    }

    /// <summary>
    /// The share of the current values that the reference does not have. Of more values than are kept, those that are kept speak for the rest.
    /// Null where none is kept of both.
    /// </summary>
    public double? NewCategories()
    {
        var known = shared.Sum(row => row.Current);
        return known == 0 ? null : (double)shared.Where(row => row.Reference == 0).Sum(row => row.Current) / known;
    }
}

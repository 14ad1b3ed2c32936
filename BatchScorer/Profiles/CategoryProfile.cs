namespace BatchScorer.Profiles;

/// <summary>A value of a column of categories.</summary>
/// <param name="Hash">By which it is known, from <see cref="CategoryHash"/>.</param>
/// <param name="Text">The value, cut where it is longer than <see cref="CategoryProfileBuilder.MostBytes"/>.</param>
/// <param name="Rows">Rows that have it.</param>
internal sealed record Category(ulong Hash, string Text, long Rows);

/// <summary>
/// The profile of a column of texts, keys or Booleans. Of more than <see cref="MostCategories"/> different values those with the smallest
/// hashes are kept, each with its exact rows, and all others as one sum: which ones does not depend on the order in which rows come, as a list
/// of the most frequent ones so far would, and two profiles keep the same ones of the values that they share.
/// </summary>
/// <remarks>The values with the smallest hashes are the sample of Bar-Yossef et al. (2002), from which the number of different values follows too.</remarks>
internal sealed record CategoryProfile : ColumnProfile
{
    /// <summary>The most values that are kept.</summary>
    public const int MostCategories = 1000;

    /// <summary>The values that are kept, from the smallest hash to the greatest.</summary>
    public required IReadOnlyList<Category> Categories { get; init; }

    /// <summary>Rows with other values.</summary>
    public required long Others { get; init; }

    /// <summary>Whether all values are kept.</summary>
    public bool IsWhole => Others == 0;

    /// <summary>The hash up to which all values are kept.</summary>
    public ulong KeptUpTo => IsWhole ? ulong.MaxValue : Categories[^1].Hash;

    /// <summary>How many different values there are; an estimate, right within about 3 %, where not all are kept.</summary>
    public double Distinct => IsWhole ? Categories.Count : (Categories.Count - 1) / (KeptUpTo / (double)ulong.MaxValue);
}

namespace BatchScorer.Profiles;

/// <summary>The profile of a column as it grows, by rows or by profiles of others, in memory that is reused. Not thread-safe.</summary>
/// <param name="side">Where the column is.</param>
/// <param name="name">Its name.</param>
internal abstract class ColumnProfileBuilder(ProfileSide side, string name)
{
    public ProfileSide Side => side;

    public string Name => name;

    /// <inheritdoc cref="ColumnProfile.Rows"/>
    public long Rows { get; set; }

    /// <inheritdoc cref="ColumnProfile.Missing"/>
    public long Missing { get; set; }

    /// <summary>The profile of all that was added. Of numbers the histogram is not copied: the profile lasts until something is added or cleared.</summary>
    public abstract ColumnProfile Build();

    /// <summary>Starts anew.</summary>
    public virtual void Clear() => (Rows, Missing) = (0, 0);
}

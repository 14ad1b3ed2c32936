namespace BatchScorer.Profiles;

/// <summary>The profiles of all columns of some rows as they grow. Not thread-safe.</summary>
internal sealed class TableProfileBuilder
{
    private readonly List<ColumnProfileBuilder> columns = [];

    /// <summary>Whether it has no columns yet.</summary>
    public bool IsEmpty => columns.Count == 0;

    /// <summary>Adds a column; its values are added to what is given back.</summary>
    public NumberProfileBuilder AddNumbers(ProfileSide side, string name) => Add(new NumberProfileBuilder(side, name));

    /// <inheritdoc cref="AddNumbers"/>
    public CategoryProfileBuilder AddCategories(ProfileSide side, string name) => Add(new CategoryProfileBuilder(side, name));

    /// <summary>Adds the rows of another profile, with the same columns. The first one decides which these are.</summary>
    /// <exception cref="InvalidOperationException">It does not have the same columns.</exception>
    /// <exception cref="Errors.BatchScorerException">A newer version of the program wrote it.</exception>
    public void Add(Stream profile)
    {
        using var reader = new ProfileReader(profile);
        var isFirst = IsEmpty;
        var count = reader.ReadColumns();
        if (!isFirst && count != columns.Count)
            throw Different();
        for (var i = 0; i < count; i++)
        {
            var (isNumber, side, name) = reader.ReadColumn();
            if (isFirst)
                _ = isNumber ? (ColumnProfileBuilder)AddNumbers(side, name) : AddCategories(side, name);
            if (columns[i].Side != side || columns[i].Name != name || columns[i] is NumberProfileBuilder != isNumber)
                throw Different();
            reader.AddTo(columns[i]);
        }
    }

    /// <summary>The profile of all that was added; see <see cref="ColumnProfileBuilder.Build"/> for how long it lasts.</summary>
    public TableProfile Build() => new(columns.ConvertAll(column => column.Build()));

    /// <summary>Starts anew, with the same columns.</summary>
    public void Clear() => columns.ForEach(column => column.Clear());

    private T Add<T>(T column)
        where T : ColumnProfileBuilder
    {
        columns.Add(column);
        return column;
    }

    private static InvalidOperationException Different() => new("Profiles of different columns cannot be merged.");
}

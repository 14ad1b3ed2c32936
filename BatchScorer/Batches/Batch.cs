namespace BatchScorer.Batches;

/// <summary>
/// Rows as columns, reused from one filling to the next: the unit of scoring. Not thread-safe; a partition owns its batches.
/// </summary>
internal sealed class Batch(IReadOnlyList<Column> columns, int capacity)
{
    private int rowCount;

    public IReadOnlyList<Column> Columns { get; } = columns;

    /// <summary>Rows there is room for.</summary>
    public int Capacity { get; } = capacity;

    /// <summary>Rows filled, from 0 to <see cref="Capacity"/>.</summary>
    public int RowCount
    {
        get => rowCount;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, Capacity);
            rowCount = value;
        }
    }

    /// <summary>The column of this name.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public Column this[string name] =>
        Columns.FirstOrDefault(column => column.Name == name) ?? throw new KeyNotFoundException($"The batch has no column \"{name}\".");

    /// <summary>Makes an empty batch with a column for each name and type, in that order.</summary>
    public static Batch Create(IEnumerable<(string Name, ColumnType Type)> columns, int capacity) =>
        new([.. columns.Select(column => Column.Create(column.Name, column.Type, capacity))], capacity);

    /// <summary>Forgets rows from <paramref name="row"/> on.</summary>
    public void Truncate(int row)
    {
        for (var i = 0; i < Columns.Count; i++) // an enumerator would be made for every batch
            Columns[i].Truncate(row);
        rowCount = Math.Min(rowCount, row);
    }
}

using BatchScorer.Batches;

namespace BatchScorer.Sources;

/// <summary>A batch as it is read: the model's inputs, and beside them the columns that pass through. Reused from one filling to the next.</summary>
internal sealed class SourceBatch
{
    public SourceBatch(SourceLayout layout, int capacity)
    {
        Inputs = Batch.Create(layout.Inputs.Select(mapping => (mapping.Input.Name, mapping.Input.Type)), capacity);
        PassThrough = [.. layout.PassThrough.Select(column => new WireColumn(column.Name, capacity))];
    }

    public Batch Inputs { get; }

    /// <summary>In the order of <see cref="SourceLayout.PassThrough"/>.</summary>
    public WireColumn[] PassThrough { get; }

    public int RowCount => Inputs.RowCount;

    /// <summary>Forgets rows from <paramref name="row"/> on.</summary>
    public void Truncate(int row)
    {
        Inputs.Truncate(row);
        foreach (var column in PassThrough)
            column.Truncate(row);
    }
}

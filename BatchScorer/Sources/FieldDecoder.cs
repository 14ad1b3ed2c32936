using BatchScorer.Batches;

namespace BatchScorer.Sources;

/// <summary>What becomes of one column of a source row: it passes through, fills model inputs, or both.</summary>
internal sealed class FieldDecoder
{
    private readonly WireColumn[] passThrough;
    private readonly InputDecoder[] inputs;

    private FieldDecoder(WireColumn[] passThrough, InputDecoder[] inputs)
    {
        this.passThrough = passThrough;
        this.inputs = inputs;
    }

    /// <summary>A decoder for each of the layout's columns, in their order, that writes into a batch.</summary>
    public static IReadOnlyList<FieldDecoder> Bind(SourceLayout layout, SourceBatch batch) => Bind(layout.Columns, layout.Inputs, batch);

    /// <summary>A decoder for each of the columns that are read, in their order, that writes into a batch with these inputs.</summary>
    public static IReadOnlyList<FieldDecoder> Bind(IReadOnlyList<SourceColumn> columns, IReadOnlyList<InputMapping> inputs, SourceBatch batch) =>
    [
        .. columns.Select(column => new FieldDecoder(
            [.. batch.PassThrough.Where(target => target.Name == column.Name)],
            [
                .. inputs
                    .Select((mapping, i) => (mapping, Target: batch.Inputs.Columns[i]))
                    .Where(pair => pair.mapping.Column.Name == column.Name)
                    .Select(pair => InputDecoder.For(column, pair.Target)
                        ?? throw new InvalidOperationException($"Column \"{column.Name}\" ({column.SqlType}) cannot fill {pair.mapping.Input.Name} ({pair.mapping.Input.Type}).")),
            ])),
    ];

    /// <returns>Null when the value fits, otherwise why the row has to be rejected.</returns>
    public string? Decode(ReadOnlySpan<byte> value, int row)
    {
        foreach (var column in passThrough)
            column.Append(value);
        string? reason = null;
        foreach (var input in inputs)
            reason ??= input.Decode(value, row);
        return reason;
    }

    /// <returns>Null when the inputs know missing values, otherwise why the row has to be rejected.</returns>
    public string? DecodeNull(int row)
    {
        foreach (var column in passThrough)
            column.AppendNull();
        string? reason = null;
        foreach (var input in inputs)
            reason ??= input.DecodeNull(row);
        return reason;
    }
}

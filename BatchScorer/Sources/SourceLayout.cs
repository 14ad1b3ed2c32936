using BatchScorer.Models;

namespace BatchScorer.Sources;

/// <summary>A model input and the source column that fills it.</summary>
internal sealed record InputMapping(ModelColumn Input, SourceColumn Column);

/// <summary>What a run reads of its source, fixed at planning.</summary>
/// <param name="Relation">The table to read, quoted: the job's own, or the one a query was staged into.</param>
/// <param name="Key">The key columns, in order.</param>
/// <param name="Cursor">The cursor column, or null when the job has none.</param>
/// <param name="Carry">Columns that pass through to the predictions.</param>
/// <param name="Inputs">The model's inputs, in the model's order.</param>
/// <param name="Filter">The job's own condition in SQL, or null.</param>
/// <param name="Beside">Columns that are read for something else than these inputs, such as those of a challenger; null for none.</param>
internal sealed record SourceLayout(
    string Relation,
    IReadOnlyList<SourceColumn> Key,
    SourceColumn? Cursor,
    IReadOnlyList<SourceColumn> Carry,
    IReadOnlyList<InputMapping> Inputs,
    string? Filter,
    IReadOnlyList<SourceColumn>? Beside = null)
{
    /// <summary>
    /// Whether the filter must not be asked about rows outside a range of keys, since it may fail on them. Otherwise the server
    /// tries its conditions in the order that it thinks cheapest.
    /// </summary>
    public bool KeysFirst { get; init; }

    /// <summary>
    /// The condition on <c>source</c>, in SQL, that no run has an outcome of the row as it is now; null where it is of no interest, since
    /// nothing looks back.
    /// </summary>
    public string? WithoutOutcome { get; init; }

    /// <summary>The columns that pass through unread, in the order in which <see cref="SourceBatch.PassThrough"/> holds them: key, cursor, carried.</summary>
    public IReadOnlyList<SourceColumn> PassThrough { get; } =
        [.. Key, .. Cursor is null ? [] : new[] { Cursor }, .. Carry];

    /// <summary>Every column that is read, each once; those that are read besides come last.</summary>
    public IReadOnlyList<SourceColumn> Columns { get; } =
        [.. Key.Concat(Cursor is null ? [] : [Cursor]).Concat(Carry).Concat(Inputs.Select(mapping => mapping.Column)).Concat(Beside ?? []).DistinctBy(column => column.Name)];

    /// <summary>The same rows, read with these columns besides and no others.</summary>
    public SourceLayout Reading(IReadOnlyList<SourceColumn> beside) =>
        new(Relation, Key, Cursor, Carry, Inputs, Filter, beside) { KeysFirst = KeysFirst, WithoutOutcome = WithoutOutcome };
}

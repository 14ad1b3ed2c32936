using BatchScorer.Jobs;

namespace BatchScorer.Training.Data;

/// <summary>What a column of a data set is for.</summary>
internal enum ColumnRole
{
    /// <summary>Names the row.</summary>
    Key,

    /// <summary>The model reads it.</summary>
    Input,

    /// <summary>The job stores it with each prediction; the model in use does not read it.</summary>
    Carried,

    /// <summary>What happened.</summary>
    Label,

    /// <summary>When it happened, UTC.</summary>
    LabelTime,

    /// <summary>Since when the prediction that the label judges had been shown, UTC.</summary>
    PublishedAt,

    /// <summary>The run that made that prediction.</summary>
    Run,
}

/// <summary>A column of a data set.</summary>
/// <param name="Name">Its name in the header.</param>
/// <param name="Role">What it is for.</param>
/// <param name="Type">Its type: of an input the model's, of the others the source's in SQL.</param>
internal sealed record DataSetColumn(string Name, ColumnRole Role, string Type);

/// <summary>What became of the labelled predictions of which a data set was made. The rows and those that are left out add up to <see cref="Labelled"/>.</summary>
internal sealed record DataSet
{
    public required IReadOnlyList<DataSetColumn> Columns { get; init; }

    /// <summary>What is predicted.</summary>
    public required LabelKind Kind { get; init; }

    /// <summary>Labelled predictions of published runs in the range.</summary>
    public required long Labelled { get; init; }

    /// <summary>Rows written, each of another key.</summary>
    public required long Rows { get; init; }

    /// <summary>Left out, since the source's row has changed since it was scored: what was scored is there no longer.</summary>
    public required long Changed { get; init; }

    /// <summary>Left out, since the source no longer has the row.</summary>
    public required long Vanished { get; init; }

    /// <summary>Left out, since the prediction is no longer kept, and so nothing tells whether its row has changed.</summary>
    public required long Expired { get; init; }

    /// <summary>Left out, since the same row was scored more than once: its newest label counts.</summary>
    public required long Repeated { get; init; }

    /// <summary>Left out, since the row does not fit the model's inputs.</summary>
    public required long Rejected { get; init; }

    /// <summary>Whether a cursor tells which rows have changed; without one, rows are taken as they are now.</summary>
    public required bool TellsChanges { get; init; }

    public string Label => Columns.Single(column => column.Role is ColumnRole.Label).Name;
}

namespace BatchScorer.Models.Compiled.Format;

/// <summary>A column of a data view.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Codec">What it holds.</param>
internal sealed record SchemaColumn(string Name, Codec Codec)
{
    /// <summary>Where the table of its annotations begins in the data view; 0 when it has none.</summary>
    public long Annotations { get; init; }
}

namespace BatchScorer.Models.Compiled.Format;

/// <summary>A column of a model's input schema.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Codec">Its type, or what kind of value it holds that this engine has no column for.</param>
internal sealed record SchemaColumn(string Name, Codec Codec);

namespace BatchScorer.Models;

/// <summary>A component of a model file.</summary>
/// <param name="Path">Where it is, such as <c>TransformerChain/Transform_000/Model.key</c>.</param>
/// <param name="Signature">ML.NET's name for its kind, such as <c>NAReplaceTransform</c>.</param>
internal sealed record ModelStep(string Path, string Signature);

namespace BatchScorer.Models.Catalog;

/// <summary>A kind of component that ML.NET puts in model files.</summary>
/// <param name="Group">What it is for.</param>
/// <param name="Signature">ML.NET's loader signature.</param>
/// <param name="KnownAs">What people call it: mostly the method that makes it.</param>
/// <param name="Package">The package that it comes from.</param>
/// <param name="NeedsOtherRows">Whether it scores a row by the rows before it, which no engine here does.</param>
internal sealed record CataloguedStep(string Group, string Signature, string KnownAs, string Package, bool NeedsOtherRows);

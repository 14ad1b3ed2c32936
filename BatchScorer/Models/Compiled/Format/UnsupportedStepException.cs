namespace BatchScorer.Models.Compiled.Format;

/// <summary>The file is sound, but a step of it is not one that the Compiled engine scores.</summary>
internal sealed class UnsupportedStepException(string message) : Exception(message);

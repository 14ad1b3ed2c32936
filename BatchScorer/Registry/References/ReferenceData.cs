using BatchScorer.Profiles;

namespace BatchScorer.Registry.References;

/// <summary>The data that a model was made with, as far as it is kept.</summary>
/// <param name="Profile">What its values were like, and the model's answers to them.</param>
/// <param name="Rows">Rows that the model could score.</param>
/// <param name="Rejected">Rows that it could not, which are left out.</param>
internal sealed record ReferenceData(TableProfile Profile, long Rows, long Rejected);

using BatchScorer.Models.Compiled.Format;
using BatchScorer.Models.Compiled.Predictors;
using BatchScorer.Models.Compiled.Steps;
using BatchScorer.Models.Compiled.Steps.Normalizers;
using BatchScorer.Models.Compiled.Steps.Text;

namespace BatchScorer.Models.Compiled;

/// <summary>Which components of model files the Compiled engine can read, by signature.</summary>
internal static class KnownSteps
{
    private static readonly HashSet<string> Signatures =
    [
        .. StepTable.Signatures, .. PredictorTable.Signatures, .. Normalizer.FunctionSignatures,
        .. LoaderSchema.Signatures,
        "TermManager", // the vocabulary of a TermTransform
        StopWords.ListSignature,
        "LinearModelStats", "ModelStats", // statistics of training, which scoring does not need
        "TextSpanBuffer", // what hashes were made from, for names of slots
    ];

    /// <summary>Every signature known.</summary>
    public static IEnumerable<string> All => Signatures;

    /// <summary>Whether components of this signature can be read.</summary>
    public static bool Contains(string signature) => Signatures.Contains(signature);

    /// <summary>The steps of a model that the Compiled engine does not know; none when it is worth trying.</summary>
    public static IReadOnlyList<ModelStep> Missing(IEnumerable<ModelStep> steps) => [.. steps.Where(step => !Signatures.Contains(step.Signature))];
}

using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using BatchScorer.Jobs.Json;
using BatchScorer.Models;

namespace BatchScorer.Jobs;

/// <summary>Which model scores a job's rows: a file, or a registered model.</summary>
[ExactlyOneOf(nameof(Path), nameof(Name))]
internal sealed record JobModel
{
    [Description("The model.zip that ML.NET saved; relative to the folder of the job file.")]
    [NotBlank("the path of a model.zip")]
    public string? Path { get; init; }

    [Description("The name of a registered model (`batchscorer models list`).")]
    [RegularExpression(ModelReference.NamePattern, ErrorMessage = ModelReference.ExpectedName)]
    public string? Name { get; init; }

    [Description("With a name: the registered version, or \"champion\" for the one that is promoted when a run is planned, which is the default. With a path: the version as runs and predictions are to show it, by default the first 12 digits of the file's SHA-256.")]
    [NotBlank("a version such as \"2026-03-01\"")]
    public string? Version { get; init; }

    [Description("What computes the scores. \"compiled\": the engine of this program; \"mlnet\": Microsoft.ML; \"auto\": compiled where it knows every step of the model, otherwise mlnet.")]
    public EngineChoice Engine { get; init; } = EngineChoice.Auto;

    /// <summary>The registered model; null for a file.</summary>
    public ModelReference? Reference() => Name is null ? null : new ModelReference(Name, Version ?? ModelReference.Champion);
}

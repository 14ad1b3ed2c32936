using System.ComponentModel;
using BatchScorer.Jobs.Json;
using BatchScorer.Models;

namespace BatchScorer.Jobs;

/// <summary>Which model scores a job's rows.</summary>
internal sealed record JobModel
{
    [Description("The model.zip that ML.NET saved; relative to the folder of the job file.")]
    [NotBlank("the path of a model.zip")]
    public required string Path { get; init; }

    [Description("The version of the model, as runs and predictions are to show it. Default: the first 12 digits of the file's SHA-256.")]
    [NotBlank("a version such as \"2026-03-01\"")]
    public string? Version { get; init; }

    [Description("What computes the scores. \"compiled\": the engine of this program; \"mlnet\": Microsoft.ML; \"auto\": compiled where it knows every step of the model, otherwise mlnet.")]
    public EngineChoice Engine { get; init; } = EngineChoice.Auto;
}

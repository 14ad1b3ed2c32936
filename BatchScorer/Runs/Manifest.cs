using System.Text.Json;
using BatchScorer.Jobs;
using BatchScorer.Runs.Challengers;

namespace BatchScorer.Runs;

/// <summary>What a run froze at planning. Whatever the files say later, the run goes on by this.</summary>
internal sealed record Manifest
{
    /// <summary>The job as it was.</summary>
    public required JobDefinition Job { get; init; }

    public required ManifestModel Model { get; init; }

    public required ManifestSource Source { get; init; }

    /// <summary>The model that scores the rows beside; null where there is none.</summary>
    public ManifestChallenger? Challenger { get; init; }

    public string ToJson() => JsonSerializer.Serialize(this, JobJson.Options);

    public static Manifest Parse(string json) =>
        JsonSerializer.Deserialize<Manifest>(json, JobJson.Options) ?? throw new JsonException("The manifest is null.");
}

/// <summary>The model that scores the run.</summary>
internal sealed record ManifestModel
{
    /// <summary>The registered model's name, or else the model file's without its ending.</summary>
    public required string Name { get; init; }

    /// <summary>The registered version, whatever alias the job has for it; of a file the version that the job gives it.</summary>
    public required string Version { get; init; }

    /// <summary>SHA-256 of the file; the file itself is in <c>scoring.models</c>.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The engine that planning loaded the model with.</summary>
    public required string Engine { get; init; }
}

/// <summary>What the run reads.</summary>
internal sealed record ManifestSource
{
    /// <summary>The text of the job's query; null for a table.</summary>
    public string? Query { get; init; }

    /// <summary>The table into which planning wrote the rows; null when the run reads the job's own table.</summary>
    public string? StagedTable { get; init; }

    /// <summary>Model input to source column, all of them.</summary>
    public required IReadOnlyDictionary<string, string> Inputs { get; init; }

    /// <summary>Source column to SQL type, of every column that is read.</summary>
    public required IReadOnlyDictionary<string, string> Columns { get; init; }
}

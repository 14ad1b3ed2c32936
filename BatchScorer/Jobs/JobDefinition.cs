using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using BatchScorer.Jobs.Json;
using BatchScorer.Models;

namespace BatchScorer.Jobs;

/// <summary>
/// A job as its file states it: what to read, with which model, where to write, when.
/// </summary>
/// <remarks>
/// These records are the format. Reading, checking and the JSON schema all follow the properties, their defaults and their
/// attributes; <see cref="DescriptionAttribute"/> is the text that users see in their editor.
/// </remarks>
internal sealed record JobDefinition
{
    /// <summary>Names are part of the names of tables, views and functions, which PostgreSQL cuts at 63 bytes.</summary>
    public const string NamePattern = "^[a-z][a-z0-9_]{0,39}$";

    [JsonPropertyName("$schema")]
    [Description("Where an editor finds the JSON schema of this file, usually job.schema.json. The program itself does not read it.")]
    public string? Schema { get; init; }

    [Description("The job's name, which is also the file's name without .json, and part of the names of its tables.")]
    [RegularExpression(NamePattern, ErrorMessage = "a name of at most 40 small letters, digits and _ that starts with a letter")]
    public required string Name { get; init; }

    [Description("What the predictions mean, in a sentence, for those who will query them. Default: none.")]
    public string? Description { get; init; }

    [Description("When the job runs by itself. Default: only when asked to.")]
    public JobSchedule? Schedule { get; init; }

    [Description("Which rows are read.")]
    public required JobSource Source { get; init; }

    [Description("Which model scores them.")]
    public required JobModel Model { get; init; }

    [Description("A registered model that scores the same rows beside, so that the two can be compared: NAME@VERSION. Its predictions are kept apart. Default: none.")]
    [RegularExpression(ModelReference.Pattern, ErrorMessage = ModelReference.ExpectedReference)]
    public string? Challenger { get; init; }

    [Description("Input of the model → column of the source, for those that are not found by name. By name, TenureMonths is the column TenureMonths, or else tenure_months in any case.")]
    [ColumnName]
    public IReadOnlyDictionary<string, string> Inputs { get; init; } = new Dictionary<string, string>();

    [Description("Column of the predictions table → output of the model. Default: every output, under its name in snake_case.")]
    [ColumnName(OfKeys = true)]
    public IReadOnlyDictionary<string, string> Outputs { get; init; } = new Dictionary<string, string>();

    [Description("Columns of the source that are stored with each prediction.")]
    [ColumnName, UniqueItems]
    public IReadOnlyList<string> Carry { get; init; } = [];

    [Description("How a run is cut up and spread.")]
    public JobWork Work { get; init; } = new();

    [Description("What a run may not exceed.")]
    public JobLimits Limits { get; init; } = new();

    [Description("Where what really happened is found, to tell how good the predictions were. Default: it is not asked.")]
    public JobLabels? Labels { get; init; }

    [Description("How its model is trained anew on what is known of its predictions. Default: it is not.")]
    public JobRetrain? Retrain { get; init; }

    [Description("How long what the job has written is kept.")]
    public JobKeep Keep { get; init; } = new();

    [Description("What is watched of its runs.")]
    public JobWatch Watch { get; init; } = new();

    [Description("Limits of which somebody is told when they are crossed.")]
    public JobAlarms Alarms { get; init; } = new();

    /// <summary>The model that scores beside; null where there is none.</summary>
    public ModelReference? ChallengerReference() => Challenger?.Split('@') is [var name, var version] ? new ModelReference(name, version) : null;
}

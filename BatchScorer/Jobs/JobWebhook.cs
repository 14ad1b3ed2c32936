using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using BatchScorer.Jobs.Json;

namespace BatchScorer.Jobs;

/// <summary>Where a job's alarms are posted to.</summary>
internal sealed record JobWebhook
{
    [Description("Where alarms are posted to as JSON: an https address, or http on the machine itself. It is stored with each run: no secrets in it.")]
    [WebAddress]
    public required string Url { get; init; }

    [Description("The environment variable with the secret that signs what is posted; with _FILE behind the name, one that names a file with it.")]
    [RegularExpression("^[A-Za-z_][A-Za-z0-9_]{0,127}$", ErrorMessage = "the name of an environment variable, of letters, digits and _")]
    public required string Secret { get; init; }
}

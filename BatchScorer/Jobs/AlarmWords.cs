using System.Text.Json;

namespace BatchScorer.Jobs;

/// <summary>Kinds of alarms as job files, the ledger and notices write them.</summary>
internal static class AlarmWords
{
    public static string Of(AlarmKind kind) => JsonSerializer.SerializeToElement(kind, JobJson.Options).GetString()!;
}

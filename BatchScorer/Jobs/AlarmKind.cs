using System.Text.Json.Serialization;

namespace BatchScorer.Jobs;

/// <summary>What an alarm is about; written as the property of a job's alarms that has the limit.</summary>
internal enum AlarmKind
{
    /// <summary>Too many of a run's rows were rejected.</summary>
    [JsonStringEnumMemberName("rejectedShare")]
    RejectedShare,

    /// <summary>A run took too long.</summary>
    [JsonStringEnumMemberName("duration")]
    Duration,

    /// <summary>A run had too few rows, or too many.</summary>
    [JsonStringEnumMemberName("rows")]
    Rows,

    /// <summary>Values of a run have drifted.</summary>
    [JsonStringEnumMemberName("drift")]
    Drift,

    /// <summary>Nothing was published for too long.</summary>
    [JsonStringEnumMemberName("stale")]
    Stale,

    /// <summary>Predictions turned out too bad.</summary>
    [JsonStringEnumMemberName("quality")]
    Quality,
}

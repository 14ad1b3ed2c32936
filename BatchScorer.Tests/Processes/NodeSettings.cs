using BatchScorer.Cli.Hosting;
using BatchScorer.Tests.Scheduling;

namespace BatchScorer.Tests.Processes;

/// <summary>The settings of nodes that are processes of their own.</summary>
internal static class NodeSettings
{
    /// <summary>Nodes that soon miss one that has died, and take one partition of others' runs at a time.</summary>
    /// <param name="cluster">Whether they are of a cluster, whose tables have to be there.</param>
    public static IReadOnlyDictionary<string, string?> Of(bool cluster) => new Dictionary<string, string?>(
        TestNode.Impatient.Select(setting => KeyValuePair.Create($"{SettingNames.QuartzSection}:{setting.Key}", setting.Value)))
    {
        [$"{BatchScorerSettings.Section}:{nameof(BatchScorerSettings.Cluster)}"] = $"{cluster}",
        [$"{BatchScorerSettings.Section}:{nameof(BatchScorerSettings.NodePartitions)}"] = "1",
        [$"{BatchScorerSettings.Section}:{nameof(BatchScorerSettings.HealthAddress)}"] = "off",
    };
}

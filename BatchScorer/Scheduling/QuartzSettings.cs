using System.Globalization;
using BatchScorer.Errors;
using Microsoft.Extensions.Configuration;
using Quartz;

namespace BatchScorer.Scheduling;

/// <summary>The settings of Quartz itself: its own, with defaults that fit this program, in sections that are checked before Quartz takes them.</summary>
internal static class QuartzSettings
{
    // Firings that plan are not to wait for places that partitions of long runs take.
    private const int PlacesForFirings = 10;

    private static readonly Dictionary<string, Type> Sections = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Scheduler"] = typeof(QuartzSchedulerOptions),
        ["ThreadPool"] = typeof(ThreadPoolOptions),
        ["JobStore"] = typeof(AdoJobStoreOptions),
        ["Clustering"] = typeof(ClusteringOptions),
    };

    /// <summary>How many partitions a node takes at once.</summary>
    public static int NodePartitions(NodeOptions options) => options.NodePartitions == 0 ? Environment.ProcessorCount : options.NodePartitions;

    /// <summary>The settings over the defaults.</summary>
    public static IConfiguration WithDefaults(IConfiguration quartz, NodeOptions options) => new ConfigurationBuilder()
        .AddInMemoryCollection(new Dictionary<string, string?>
        {
            // What was missed while no node ran is not to wait for a minute.
            ["JobStore:MisfireHandlerFrequency"] = "00:00:05",
            ["Scheduler:InstanceName"] = "batchscorer",
            ["Scheduler:IdleWaitTime"] = "00:00:02",
            ["Scheduler:ShutdownJobInterruption"] = nameof(ShutdownJobInterruption.Always),
            ["ThreadPool:MaxConcurrency"] = (NodePartitions(options) + PlacesForFirings).ToString(CultureInfo.InvariantCulture),
        })
        .AddConfiguration(quartz)
        .Build();

    /// <summary>Refuses what Quartz would pass over or could not read.</summary>
    /// <exception cref="BatchScorerException">There is such a setting; the message has a line for each.</exception>
    public static void Check(IConfigurationSection quartz)
    {
        string[] faults =
        [
            .. from section in quartz.GetChildren()
               where !Sections.ContainsKey(section.Key)
               select $"Unknown setting {section.Path}{Remedy(section.Key, Sections.Keys)}",
            .. from section in quartz.GetChildren()
               where Sections.ContainsKey(section.Key)
               let known = Sections[section.Key].GetProperties().Select(property => property.Name).ToList()
               from setting in section.GetChildren()
               where !known.Contains(setting.Key, StringComparer.OrdinalIgnoreCase)
               select $"Unknown setting {setting.Path}{Remedy(setting.Key, known)}",
            .. from section in quartz.GetChildren()
               where Sections.ContainsKey(section.Key)
               select Unreadable(section) into fault
               where fault is not null
               select fault,
        ];
        if (faults.Length > 0)
            throw new BatchScorerException(ExitCode.BadConfiguration, string.Join('\n', faults));
    }

    private static string? Unreadable(IConfigurationSection section)
    {
        try
        {
            section.Get(Sections[section.Key]);
            return null;
        }
        catch (InvalidOperationException fault)
        {
            return fault.Message;
        }
    }

    private static string Remedy(string name, IEnumerable<string> known) =>
        Suggestion.For(name, known) is { Length: > 0 } suggestion ? suggestion : $", expected one of {string.Join(", ", known.Order(StringComparer.Ordinal))}.";
}

using System.Reflection;
using BatchScorer.Telemetry;
using Microsoft.Extensions.Logging;

namespace BatchScorer.Tests.Telemetry;

internal sealed class LogEventTests
{
    /// <summary>Every line of log that the program can write, with the class it is in.</summary>
    public static IReadOnlyList<(Type In, string Name, LoggerMessageAttribute Message)> All { get; } =
    [
        .. from type in typeof(Instrumentation).Assembly.GetTypes()
           from method in type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
           let message = method.GetCustomAttribute<LoggerMessageAttribute>()
           where message is not null
           select (type, method.Name, message),
    ];

    [Test]
    public void Event_ids_are_unique_over_the_program()
    {
        var twice = All.GroupBy(line => line.Message.EventId).Where(lines => lines.Count() > 1).Select(lines => string.Join(", ", lines.Select(line => line.Name)));

        Assert.That(All, Is.Not.Empty);
        Assert.That(twice, Is.Empty);
    }

    [Test]
    public void A_folder_has_its_log_lines_in_one_class() =>
        Assert.That(All.Select(line => line.In).Distinct().GroupBy(type => type.Namespace).Select(types => types.Count()), Is.All.EqualTo(1));
}

using System.Diagnostics.Metrics;
using System.Reflection;
using System.Runtime.CompilerServices;
using BatchScorer.Health;
using BatchScorer.Telemetry;

namespace BatchScorer.Tests.Telemetry;

/// <summary>docs/operating.md tells all that the program measures and logs, and nothing else.</summary>
internal sealed class OperatingPageTests
{
    private static readonly string[] Page = File.ReadAllLines(Repository.PathTo("docs/operating.md"));

    [Test]
    public void Every_instrument_is_described_with_its_kind_and_unit()
    {
        var instruments = Instruments().Select(instrument => $"| `{instrument.Name}` | {Kind(instrument)}, {instrument.Unit} | ").ToList();

        Assert.That(instruments, Is.Not.Empty);
        Assert.That(instruments.Where(row => !Page.Any(line => line.StartsWith(row, StringComparison.Ordinal))), Is.Empty);
        Assert.That(Page.Count(line => line.StartsWith("| `batchscorer.", StringComparison.Ordinal)), Is.EqualTo(instruments.Count));
    }

    [Test]
    public void Every_span_is_described()
    {
        var names = typeof(RunSpans).GetFields(BindingFlags.Static | BindingFlags.Public).Where(field => field.IsLiteral).Select(field => field.GetRawConstantValue());

        Assert.That(names.Where(name => !Page.Any(line => line.StartsWith($"| `{name}` | ", StringComparison.Ordinal))), Is.Empty);
    }

    [Test]
    public void Every_line_of_log_is_described_with_its_event_and_level()
    {
        var rows = LogEventTests.All.Select(line => $"| {line.Message.EventId} | `{line.Name}` | {line.Message.Level} | ").ToList();

        Assert.That(rows.Where(row => !Page.Any(line => line.StartsWith(row, StringComparison.Ordinal))), Is.Empty);
        Assert.That(Page.Count(line => line.Length > 2 && char.IsAsciiDigit(line[2]) && line.StartsWith("| ", StringComparison.Ordinal)), Is.EqualTo(rows.Count));
    }

    [Test]
    public void The_paths_of_the_probes_are_those_that_are_answered() =>
        Assert.That(Page.Where(line => line.StartsWith("| `GET ", StringComparison.Ordinal)).Select(line => line.Split('`')[1]),
            Is.EqualTo(new[] { $"GET {HealthEndpoint.Live}", $"GET {HealthEndpoint.Ready}" }));

    private static List<Instrument> Instruments()
    {
        // Static instruments are made when their class is first used.
        foreach (var type in typeof(Instrumentation).Assembly.GetTypes().Where(type => type.Namespace == typeof(Instrumentation).Namespace))
            RuntimeHelpers.RunClassConstructor(type.TypeHandle);
        var instruments = new List<Instrument>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter == Instrumentation.Meter)
                instruments.Add(instrument);
        };
        listener.Start();
        return instruments;
    }

    private static string Kind(Instrument instrument) => instrument.GetType().Name.Split('`')[0] switch
    {
        "UpDownCounter" => "up-down counter",
        var name => name.ToLowerInvariant(),
    };
}

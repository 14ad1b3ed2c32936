using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using BatchScorer.Jobs;

namespace BatchScorer.Tests.Jobs;

internal sealed partial class JobDocumentationTests
{
    private static readonly string Page = File.ReadAllText(Repository.PathTo("docs/jobs.md"));

    private static IReadOnlyList<string> Blocks { get; } = [.. Block.Matches(Page).Select(match => match.Groups["content"].Value)];

    [GeneratedRegex(@"```\w+\n(?<content>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block { get; }

    [Test]
    public void The_example_is_the_demo_job() =>
        Assert.That(Blocks[0], Is.EqualTo(File.ReadAllText(Repository.PathTo("jobs/churn.json"))));

    [Test]
    public void The_shortest_example_is_a_job()
    {
        var (job, faults) = Read(Blocks[1]);

        Assert.That(faults, Is.Empty);
        Assert.That(job!.Definition.Source.Mode, Is.EqualTo(SourceMode.All));
    }

    [Test]
    public void The_example_of_errors_gives_these_errors() =>
        Assert.That(Read(Blocks[3]).Faults + "\n", Is.EqualTo(Blocks[4]));

    [TestCaseSource(nameof(Rows))]
    public void A_property_is_listed_with_its_default(string path, string standard) =>
        Assert.That(Page, Does.Contain($"\n| `{path}` | {standard} | "));

    /// <summary>Every property that is no section of its own, and how the page shows its default.</summary>
    private static IEnumerable<object[]> Rows() => RowsOf(JsonNode.Parse(JobSchema.Generate())!, prefix: "");

    private static IEnumerable<object[]> RowsOf(JsonNode schema, string prefix)
    {
        var required = schema["required"]?.AsArray().Select(name => name!.GetValue<string>()).ToArray() ?? [];
        foreach (var (name, property) in schema["properties"]!.AsObject())
        {
            if (property!["properties"] is not null)
            {
                foreach (var row in RowsOf(property, $"{prefix}{name}."))
                    yield return row;
            }
            else
            {
                yield return [prefix + name, Standard(prefix + name, property["default"], required.Contains(name))];
            }
        }
    }

    private static string Standard(string path, JsonNode? value, bool required) => (path, value) switch
    {
        ("source.mode", _) => "see meaning",
        (_, not null) => $"`{value.ToJsonString()}`",
        _ => required ? "required" : "–",
    };

    private static (Job? Job, string Faults) Read(string json)
    {
        using var folder = new JobFolder();
        Directory.CreateDirectory(folder.Path("samples"));
        File.WriteAllText(folder.Path("samples/churn.zip"), "any model");
        var (job, faults) = folder.Read(Encoding.UTF8.GetBytes(json));
        return (job, string.Join('\n', faults));
    }
}

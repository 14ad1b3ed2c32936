using System.Text.Json;
using BatchScorer.Batches;
using BatchScorer.Models;

namespace BatchScorer.Tests.Models;

/// <summary>A model trained and scored by ML.NET itself: what any reader of the file must answer, row by row.</summary>
internal sealed class GoldenCase
{
    private static readonly string Root = Path.Combine(TestContext.CurrentContext.TestDirectory, "Golden");

    private readonly string name;
    private readonly string model;
    private readonly string expected;
    private readonly JsonElement description;

    private GoldenCase(string name, string model, string expected, JsonElement description)
    {
        this.name = name;
        this.model = model;
        this.expected = expected;
        this.description = description;
    }

    public string Folder => Path.Combine(Root, name);

    /// <summary>The columns that <c>expected.csv</c> holds.</summary>
    public IReadOnlyList<string> Outputs => Names("outputs");

    /// <summary>The columns some output depends on.</summary>
    public IReadOnlyList<string> Inputs => Names("inputs");

    /// <summary>The steps of the model, by signature.</summary>
    public IReadOnlyList<ModelStep> Steps =>
        [.. description.GetProperty("steps").EnumerateArray().Select(step => new ModelStep(step.GetProperty("path").GetString()!, step.GetProperty("signature").GetString()!))];

    /// <summary>The relative difference allowed to a reader that sums floats in another order; 0 where there is none to sum.</summary>
    public double Tolerance
    {
        get
        {
            var portability = description.GetProperty("portability");
            return portability.TryGetProperty("largestRelativeDifference", out var largest)
                ? Math.Max(1e-6, 4 * largest.GetDouble())
                : portability.GetProperty("bitEqualWithoutAvx").GetBoolean() ? 0 : 1e-6;
        }
    }

    public static IEnumerable<GoldenCase> All => Directory.GetDirectories(Root).Order(StringComparer.Ordinal).SelectMany(folder => Of(Path.GetFileName(folder)));

    /// <summary>The case of a folder, once for each of its models.</summary>
    public static IEnumerable<GoldenCase> Of(string name)
    {
        var description = JsonDocument.Parse(File.ReadAllText(Path.Combine(Root, name, "case.json"))).RootElement;
        return description.TryGetProperty("expected", out var models)
            ? models.EnumerateObject().Select(pair => new GoldenCase(name, pair.Name, pair.Value.GetString()!, description))
            : [new GoldenCase(name, "model.zip", "expected.csv", description)];
    }

    public ModelFile ReadModel() => ModelFile.Read(Path.Combine(Folder, model));

    /// <summary>The rows to score.</summary>
    public Batch ReadInputs(ModelSchema schema)
    {
        var batch = schema.CreateInputs(description.GetProperty("rows").GetInt32());
        CsvBatch.Fill(batch, Path.Combine(Folder, "input.csv"));
        return batch;
    }

    /// <summary>What ML.NET answers to them.</summary>
    public Batch ReadExpected(ModelSchema schema)
    {
        var batch = schema.CreateOutputs(description.GetProperty("rows").GetInt32());
        CsvBatch.Fill(batch, Path.Combine(Folder, expected));
        return batch;
    }

    public override string ToString() => model == "model.zip" ? name : $"{name} {model}";

    private string[] Names(string property) =>
    [
        .. description.GetProperty(property).EnumerateArray()
            .Where(column => !column.TryGetProperty("role", out _))
            .Select(column => column.GetProperty("name").GetString()!),
    ];
}

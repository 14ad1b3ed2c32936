using System.IO.Compression;

namespace BatchScorer.Benchmarks.Models;

/// <summary>
/// A calibrated FastTree classifier of any size over numbers and one-hot encoded categories. Its trees are random, so that no
/// data and no training are needed; the file is the <c>model.zip</c> that ML.NET would have saved.
/// </summary>
internal sealed record SyntheticModel
{
    private const string Chain = "TransformerChain/";
    private const string Classifier = Chain + "Transform_003/";
    private const int Steps = 4;

    /// <summary>The model of the benchmarks: 100 trees of 20 leaves over 20 numbers and 3 categories.</summary>
    public static SyntheticModel Standard { get; } = new() { Trees = 100, Leaves = 20, Numbers = 20, Categories = [8, 10, 12] };

    public required int Trees { get; init; }

    /// <summary>Leaves of each tree, 2 at least.</summary>
    public required int Leaves { get; init; }

    /// <summary>How many inputs are numbers, 1 at least; their splits lie between 0 and 1.</summary>
    public required int Numbers { get; init; }

    /// <summary>How many values each input that is a text knows.</summary>
    public required IReadOnlyList<int> Categories { get; init; }

    /// <summary>Models of one shape and one seed are the same bytes.</summary>
    public int Seed { get; init; } = 1;

    public IEnumerable<string> NumberNames => Enumerable.Range(1, Numbers).Select(i => $"Number{i}");

    public IEnumerable<string> CategoryNames => Enumerable.Range(1, Categories.Count).Select(i => $"Category{i}");

    /// <summary>Numbers, and a slot for each value of each category.</summary>
    public int FeatureCount => Numbers + Categories.Sum();

    /// <summary>The text of a category's value, counted from 0.</summary>
    public static string CategoryValue(int value) => $"value {value}";

    /// <summary>Makes the file.</summary>
    public byte[] Write()
    {
        var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create))
        {
            Add(archive, "Schema", Schema().ToArray());
            Add(archive, Chain, Sequence());
            foreach (var (folder, component) in FeatureSteps.Of(this))
                Add(archive, Chain + folder, component);
            foreach (var (folder, component) in TreeClassifier.Of(this))
                Add(archive, Classifier + folder, component);
            var trained = Schema();
            trained.AddVector(FeatureSteps.Features, FeatureCount);
            Add(archive, Classifier + "TrainSchema", trained.ToArray());
        }

        return stream.ToArray();
    }

    public override string ToString() => $"{Trees} trees x {Leaves} leaves over {Numbers} numbers and {Categories.Count} categories";

    private static Component Sequence()
    {
        const int always = 7; // in training, testing and scoring
        var chain = new Component("TransformerChain", "XF\0CHAIN"u8, 0x00010001);
        chain.Block.Write(Steps);
        for (var i = 0; i < Steps; i++)
            chain.Block.Write(always);
        return chain;
    }

    private SchemaFile Schema()
    {
        var schema = new SchemaFile();
        foreach (var name in NumberNames)
            schema.AddNumber(name);
        foreach (var name in CategoryNames)
            schema.AddText(name);
        return schema;
    }

    private static void Add(ZipArchive archive, string folder, Component component) =>
        Add(archive, folder + Component.FileName, component.ToArray());

    private static void Add(ZipArchive archive, string name, byte[] content)
    {
        var entry = archive.CreateEntry(name);
        entry.LastWriteTime = new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
        using var target = entry.Open();
        target.Write(content);
    }
}

using System.IO.Compression;

namespace BatchScorer.Benchmarks.Models;

/// <summary>
/// A calibrated classifier over numbers and one-hot encoded categories. It is random, so that no data and no training are needed;
/// the file is the <c>model.zip</c> that ML.NET would have saved.
/// </summary>
internal sealed record SyntheticModel
{
    private const string Chain = "TransformerChain/";

    /// <summary>The model of the benchmarks: 100 trees of 20 leaves over 20 numbers and 3 categories.</summary>
    public static SyntheticModel Standard { get; } = new() { Classifier = new TreeClassifier(Trees: 100, Leaves: 20), Numbers = 20, Categories = [8, 10, 12] };

    /// <summary>What makes a score of the features.</summary>
    public required ISyntheticClassifier Classifier { get; init; }

    /// <summary>How many inputs are numbers, 1 at least; all of interest about them lies between 0 and 1.</summary>
    public required int Numbers { get; init; }

    /// <summary>How many values each input that is a text knows.</summary>
    public required IReadOnlyList<int> Categories { get; init; }

    /// <summary>Whether a row comes as the vector of its features, made already, instead of as numbers and texts.</summary>
    public bool FeaturesReady { get; init; }

    /// <summary>Models of one shape and one seed are the same bytes.</summary>
    public int Seed { get; init; } = 1;

    public IEnumerable<string> NumberNames => Enumerable.Range(1, Numbers).Select(i => $"Number{i}");

    public IEnumerable<string> CategoryNames => Enumerable.Range(1, Categories.Count).Select(i => $"Category{i}");

    /// <summary>Numbers, and a slot for each value of each category.</summary>
    public int FeatureCount => Numbers + Categories.Sum();

    private int StepsBefore => FeaturesReady ? 0 : FeatureSteps.Count;

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
            if (!FeaturesReady)
            {
                foreach (var (folder, component) in FeatureSteps.Of(this))
                    Add(archive, Chain + folder, component);
            }

            var last = $"{Chain}Transform_{StepsBefore:000}/";
            foreach (var (folder, component) in CalibratedClassifier.Of(this))
                Add(archive, last + folder, component);
            var trained = Schema();
            if (!FeaturesReady)
                trained.AddVector(FeatureSteps.Features, FeatureCount);
            Add(archive, last + "TrainSchema", trained.ToArray());
        }

        return stream.ToArray();
    }

    public override string ToString() => $"{Classifier} over {Numbers} numbers and {Categories.Count} categories";

    private Component Sequence()
    {
        const int always = 7; // in training, testing and scoring
        var chain = new Component("TransformerChain", "XF\0CHAIN"u8, 0x00010001);
        chain.Block.Write(StepsBefore + 1);
        for (var i = 0; i <= StepsBefore; i++)
            chain.Block.Write(always);
        return chain;
    }

    private SchemaFile Schema()
    {
        var schema = new SchemaFile();
        if (FeaturesReady)
        {
            schema.AddVector(FeatureSteps.Features, FeatureCount);
            return schema;
        }

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

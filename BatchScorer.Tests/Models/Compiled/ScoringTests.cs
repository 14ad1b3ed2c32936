using System.Globalization;
using BatchScorer.Batches;
using BatchScorer.Models;
using BatchScorer.Models.Compiled;

namespace BatchScorer.Tests.Models.Compiled;

internal sealed class ScoringTests
{
    private static readonly GoldenCase Churn = GoldenCase.Of("churn").First();

    [Test]
    public void All_customers_score_as_MLNet_scores_them()
    {
        using var model = CompiledModel.Load(Churn.ReadModel());
        var expected = File.ReadLines(Path.Combine(Churn.Folder, "customers-scores.csv")).Skip(1).Select(line => float.Parse(line, CultureInfo.InvariantCulture)).ToArray();
        Batch inputs = model.Schema.CreateInputs(expected.Length), outputs = model.Schema.CreateOutputs(expected.Length);
        CsvBatch.Fill(inputs, Path.Combine(TestContext.CurrentContext.TestDirectory, "samples", "customers.csv"), SnakeCase);

        model.Score(inputs, outputs, []);

        Assert.That(((Column<float>)outputs["Score"]).Values, Is.EqualTo(expected));
    }

    [Test]
    public void Rows_score_alike_in_batches_of_any_size([Values(1, 7, 255, 256, 257)] int size, [Values("churn", "sdca_logistic", "type_conversion", "field_aware_ff", "gam_regression", "text_featurize", "one_hot_hash")] string name)
    {
        var golden = GoldenCase.Of(name).First();
        using var model = CompiledModel.Load(golden.ReadModel());
        var all = golden.ReadInputs(model.Schema);
        var whole = model.Schema.CreateOutputs(all.RowCount);
        model.Score(all, whole, []);
        Batch inputs = model.Schema.CreateInputs(size), outputs = model.Schema.CreateOutputs(size);

        var scores = new List<float>();
        for (var start = 0; start < all.RowCount; start += size)
        {
            Copy(all, start, inputs);
            model.Score(inputs, outputs, []);
            scores.AddRange(((Column<float>)outputs["Score"]).Values[..outputs.RowCount]);
        }

        Assert.That(scores, Is.EqualTo(((Column<float>)whole["Score"]).Values));
    }

    [Test]
    public void Partitions_share_a_model()
    {
        using var model = CompiledModel.Load(Churn.ReadModel());
        var expected = Churn.ReadExpected(model.Schema);

        var differences = Enumerable.Range(0, 16).AsParallel().WithDegreeOfParallelism(4).SelectMany(_ =>
        {
            var outputs = model.Schema.CreateOutputs(1000);
            model.Score(Churn.ReadInputs(model.Schema), outputs, []);
            return BatchComparison.Differences(outputs, expected);
        });

        Assert.That(differences, Is.Empty);
    }

    [TestCase("churn")]
    [TestCase("sdca_logistic")]
    [TestCase("type_conversion")]
    [TestCase("gam_binary")]
    [TestCase("ova_fasttree")]
    [TestCase("maximum_entropy")]
    [TestCase("naive_bayes")]
    [TestCase("kmeans")]
    [TestCase("field_aware_ff")]
    [TestCase("text_featurize")]
    [TestCase("one_hot_hash")]
    public void Scoring_allocates_nothing_once_it_is_under_way(string name)
    {
        var golden = GoldenCase.Of(name).First();
        using var model = CompiledModel.Load(golden.ReadModel());
        var inputs = golden.ReadInputs(model.Schema);
        var outputs = model.Schema.CreateOutputs(1000);
        var faults = new List<RowFault>();
        model.Score(inputs, outputs, faults);

        // The runtime may let this thread grow a table of its own, once; what scoring allocates it would allocate in each round.
        var rounds = Enumerable.Range(0, 5).Select(_ => Allocated(() => model.Score(inputs, outputs, faults))).ToArray();

        Assert.That(rounds, Has.Some.Zero, $"bytes: {string.Join(", ", rounds)}");

        static long Allocated(Action score)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 20; i++)
                score();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Test]
    public void A_batch_of_another_schema_is_refused()
    {
        using var model = CompiledModel.Load(Churn.ReadModel());
        var other = Batch.Create([("Score", new ColumnType(ValueKind.Text))], 1);

        Assert.That(() => model.Score(other, model.Schema.CreateOutputs(1), []), Throws.ArgumentException);
    }

    private static void Copy(Batch all, int start, Batch inputs)
    {
        inputs.Truncate(0);
        inputs.RowCount = Math.Min(inputs.Capacity, all.RowCount - start);
        foreach (var (source, target) in all.Columns.Zip(inputs.Columns))
        {
            var width = source.Type.Width;
            if (source is TextColumn texts)
            {
                for (var i = 0; i < inputs.RowCount * width; i++)
                    ((TextColumn)target).Append(texts[start * width + i]);
                continue;
            }

            var (from, to) = (Values(source), Values(target));
            Array.Copy(from, start * width, to, 0, inputs.RowCount * width);
        }
    }

    private static Array Values(Column column) => column switch
    {
        Column<float> numbers => numbers.Values,
        Column<double> numbers => numbers.Values,
        Column<bool> flags => flags.Values,
        Column<int> numbers => numbers.Values,
        Column<long> numbers => numbers.Values,
        Column<short> numbers => numbers.Values,
        Column<byte> numbers => numbers.Values,
        Column<uint> numbers => numbers.Values,
        Column<ulong> numbers => numbers.Values,
        _ => throw new ArgumentException($"No values in a {column.GetType().Name}.", nameof(column)),
    };

    private static string SnakeCase(string name) => string.Concat(name.Select((letter, i) => i > 0 && char.IsUpper(letter) ? $"_{letter}" : $"{letter}")).ToLowerInvariant();
}

using BatchScorer.Batches;
using BatchScorer.Benchmarks.Models;
using BatchScorer.Models;
using BatchScorer.Models.Compiled;
using BatchScorer.Tests.Models;

namespace BatchScorer.Tests.Benchmarks;

/// <summary>The models of the benchmarks are models like any that ML.NET has saved.</summary>
internal sealed class SyntheticModelTests
{
    private const int Rows = 5000;

    private static readonly SyntheticModel[] Shapes =
    [
        SyntheticModel.Standard,
        new() { Classifier = new TreeClassifier(1, 2), Numbers = 1, Categories = [] },
        new() { Classifier = new TreeClassifier(40, 64), Numbers = 3, Categories = [2, 30], Seed = 7 },
        new() { Classifier = new TreeClassifier(300, 31), Numbers = 150, Categories = [5, 6, 7, 8] },
        SyntheticModel.Standard with { Classifier = new LinearClassifier() },
    ];

    [TestCaseSource(nameof(Shapes))]
    public void The_inputs_are_the_numbers_and_the_categories(SyntheticModel synthetic)
    {
        using var model = CompiledModel.Load(File(synthetic));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                model.Schema.Inputs.Where(input => input.Type == new ColumnType(ValueKind.Single)).Select(input => input.Name),
                Is.SubsetOf(synthetic.NumberNames));
            Assert.That(
                model.Schema.Inputs.Where(input => input.Type == new ColumnType(ValueKind.Text)).Select(input => input.Name),
                Is.EqualTo(synthetic.CategoryNames));
            Assert.That(model.Schema.Outputs.Select(output => output.Name), Is.EqualTo(new[] { "PredictedLabel", "Score", "Probability" }));
        }
    }

    [TestCase(2)]
    [TestCase(5)]
    [TestCase(20)]
    public void Every_leaf_of_a_tree_is_reached_by_some_row(int leaves)
    {
        var synthetic = new SyntheticModel { Classifier = new TreeClassifier(1, leaves), Numbers = 4, Categories = [4, 4] };
        using var model = CompiledModel.Load(File(synthetic));

        var outputs = Score(model, synthetic, rows: 100_000);

        Assert.That(((Column<float>)outputs["Score"]).Values.Distinct().Count(), Is.EqualTo(leaves));
    }

    [Test]
    public void The_same_seed_makes_the_same_file_and_another_one_another()
    {
        var again = SyntheticModel.Standard with { Categories = [.. SyntheticModel.Standard.Categories] };

        using (Assert.EnterMultipleScope())
        {
            Assert.That(again.Write(), Is.EqualTo(SyntheticModel.Standard.Write()));
            Assert.That((again with { Seed = 2 }).Write(), Is.Not.EqualTo(again.Write()));
        }
    }

    [TestCaseSource(nameof(Shapes))]
    public void ML_NET_loads_the_file_and_scores_the_same_bits(SyntheticModel synthetic)
    {
        if (!MLNetEngine.IsBuiltIn)
            Assert.Ignore("This build lacks the MLNet engine: its package feed had no Microsoft.ML, or the property MLNet was false.");
        using var compiled = CompiledModel.Load(File(synthetic));
        using var reference = MLNetEngine.Load(File(synthetic));

        var expected = Score(reference, synthetic, Rows);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(compiled.Schema.Inputs, Is.EqualTo(reference.Schema.Inputs));
            Assert.That(((Column<float>)expected["Score"]).Values.Distinct().Count(), Is.GreaterThan(1));
            Assert.That(BatchComparison.Differences(Score(compiled, synthetic, Rows), expected), Is.Empty);
        }
    }

    private static ModelFile File(SyntheticModel model) => ModelFile.FromBytes("synthetic.zip", model.Write());

    private static Batch Score(IModel model, SyntheticModel synthetic, int rows)
    {
        var inputs = model.Schema.CreateInputs(rows);
        var outputs = model.Schema.CreateOutputs(rows);
        SyntheticRows.Fill(inputs, synthetic, seed: 1);
        model.Score(inputs, outputs, new List<RowFault>());
        return outputs;
    }
}

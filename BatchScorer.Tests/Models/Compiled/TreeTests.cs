using BatchScorer.Batches;
using BatchScorer.Errors;
using BatchScorer.Models.Compiled;

namespace BatchScorer.Tests.Models.Compiled;

/// <summary>Trees of every shape say what a walk from the root to a leaf says.</summary>
internal sealed class TreeTests
{
    private const int FeatureCount = 5;

    /// <summary>Children that are negative are leaves, by their complement.</summary>
    private sealed record Shape(int[] Lesser, int[] Greater, int[] Features, float[] Thresholds, double[] Leaves);

    [Test]
    public void A_row_ends_in_the_leaf_to_which_the_nodes_send_it(
        [Values(2, 3, 31, 32, 33, 64, 65, 97, 1000)] int leaves, [Values(0, 0.5, 1)] double lesserShare, [Values(1, 31, 100)] int rows)
    {
        var random = new Random(leaves);
        var trees = Enumerable.Range(0, 3).Select(_ => Grow(leaves, lesserShare, random)).ToArray();
        var values = Enumerable.Range(0, rows * FeatureCount).Select(_ => random.Next(10) == 0 ? float.NaN : random.Next(20)).ToArray();
        var expected = values.Chunk(FeatureCount).Select(row => (float)trees.Sum(tree => Walk(tree, row)));

        Assert.That(Score(trees, values), Is.EqualTo(expected));
    }

    [Test]
    public void Trees_that_never_split_add_nothing() =>
        Assert.That(Score([new Shape([0], [0], [0], [0], [0, 0])], new float[FeatureCount * 40]), Is.EqualTo(new float[40]));

    [Test]
    public void A_tree_so_lopsided_that_it_would_fill_the_memory_is_not_for_this_engine() => Assert.That(
        () => Score([Grow(40_000, lesserShare: 1, new Random(1))], new float[FeatureCount]),
        Throws.TypeOf<BatchScorerException>().With.Message.Contains("(FastTreeRegressionExec) has trees of many leaves that are too lopsided"));

    [Test]
    public void A_chain_of_many_nodes_is_laid_out_and_scored()
    {
        const int Leaves = 200_000;
        var nodes = Enumerable.Range(0, Leaves - 1).ToArray();
        var chain = new Shape(
            [.. nodes.Select(node => ~node)], [.. nodes.Select(node => node == Leaves - 2 ? ~(Leaves - 1) : node + 1)],
            [.. nodes.Select(node => node % FeatureCount)], [.. nodes.Select(_ => 0f)], [.. Enumerable.Range(0, Leaves).Select(leaf => (double)leaf)]);

        Assert.That(Score([chain], [1, 1, 1, 0, 1, 1, 1, 1, 1, 1]), Is.EqualTo(new float[] { 3, Leaves - 1 }));
    }

    /// <summary>Splits leaf after leaf: the last one's lesser or greater side, by chance.</summary>
    private static Shape Grow(int leaves, double lesserShare, Random random)
    {
        var (lesser, greater) = (new int[leaves - 1], new int[leaves - 1]);
        var open = new List<(int[] Side, int Node)>();
        for (var node = 0; node < leaves - 1; node++)
        {
            if (node > 0)
            {
                var last = open.FindLastIndex(branch => branch.Side == lesser);
                var at = random.NextDouble() < lesserShare && last >= 0 ? last : random.Next(open.Count);
                var (side, parent) = open[at];
                open.RemoveAt(at);
                side[parent] = node;
            }

            open.Add((greater, node));
            open.Add((lesser, node));
        }

        for (var leaf = 0; leaf < open.Count; leaf++)
            open[leaf].Side[open[leaf].Node] = ~leaf;
        return new Shape(
            lesser, greater, [.. lesser.Select(_ => random.Next(FeatureCount))], [.. lesser.Select(_ => (float)random.Next(20))],
            [.. Enumerable.Range(0, leaves).Select(_ => random.NextDouble())]);
    }

    private static double Walk(Shape tree, float[] row)
    {
        var at = 0;
        while (at >= 0)
            at = row[tree.Features[at]] <= tree.Thresholds[at] ? tree.Lesser[at] : tree.Greater[at];
        return tree.Leaves[~at];
    }

    private static float[] Score(Shape[] trees, float[] values)
    {
        var predictor = new TestComponent("FastTreeRegressionExec", 0x00010005).Int(sizeof(float)).Int(trees.Length);
        foreach (var tree in trees)
        {
            predictor.Byte(0).Int(tree.Leaves.Length).Double(0).Double(1).Ints(tree.Lesser).Ints(tree.Greater).Ints(tree.Features)
                .Int(0).Int(0).Floats(tree.Thresholds).Int(0).Doubles(tree.Leaves).Int(0).Int(0).Int(0);
        }

        predictor.Double(0).Int(-1).Int(-1).Int(FeatureCount);
        var regression = new TestComponent("RegressionPredXfer", 0x00010001).String("Features");
        using var model = CompiledModel.Load(new TestModel(("Features", $"VBuffer {FeatureCount} Single")).Step(("", regression), ("Model", predictor)).ToFile());
        var rows = values.Length / FeatureCount;
        Batch inputs = model.Schema.CreateInputs(rows), outputs = model.Schema.CreateOutputs(rows);
        values.CopyTo(((Column<float>)inputs["Features"]).Values, 0);
        inputs.RowCount = rows;
        model.Score(inputs, outputs, []);
        return ((Column<float>)outputs["Score"]).Values[..rows];
    }
}

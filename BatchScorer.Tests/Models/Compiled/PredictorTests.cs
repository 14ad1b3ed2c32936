using BatchScorer.Batches;
using BatchScorer.Errors;
using BatchScorer.Models;
using BatchScorer.Models.Compiled;

namespace BatchScorer.Tests.Models.Compiled;

/// <summary>Predictors and layouts of old versions that no golden case has, in models written by hand.</summary>
internal sealed class PredictorTests
{
    private static TestComponent Regression => new TestComponent("RegressionPredXfer", 0x00010001).String("Features");

    private static TestComponent Clustering => new TestComponent("ClusteringPredXfer", 0x00010001).String("Features");

    private static TestComponent Binary => new TestComponent("BinaryPredXfer", 0x00010001).String("Features").Float(0).String("Score");

    /// <summary>As before the names of outputs were kept; a label that was not trained with names.</summary>
    private static TestComponent Multiclass => new TestComponent("MulticlassPredXfer", 0x00010001).String("Features").Int(-1);

    [Test]
    public void Least_squares_is_a_linear_model_whatever_statistics_follow()
    {
        var model = new TestComponent("OlsLinearRegressionExec", 0x00010001).Int(4).Float(1).Int(2).Int(0).Floats(2, 3)
            .Double(0.9).Double(0.8).Byte(1).Double(1).Double(1).Double(1).Double(1).Double(1).Double(1).Double(1).Double(1).Double(1);

        Assert.That(Scores([("", Regression), ("Model/", model)], 10, 100, 0, 1), Is.EqualTo(new float[] { 321, 4 }));
    }

    [Test]
    public void A_forest_of_the_first_layout_has_neither_weights_nor_a_number_of_features()
    {
        var model = new TestComponent("FastForestRegressionExec", 0x00010001).Int(4).Int(1)
            .Byte(2).Int(2).Double(9).Double(1).Ints(-1).Ints(-2).Ints(1).Int(0).Floats(0.5f)
            .Doubles(7, 8).Int(0).Int(0).Int(0).Doubles(1, 2, 3)
            .Double(0).Int(-1).Int(-1).Byte(1).Int(100);

        Assert.That(Scores([("", Regression), ("Model/", model)], 9, 0.5f, 9, 0.6f, 9, float.NaN), Is.EqualTo(new float[] { 7, 8, 8 }));
    }

    [Test]
    public void Clusters_of_the_first_layout_are_always_dense()
    {
        var model = new TestComponent("KMeansPredictor", 0x00010001).Int(4).Int(2).Int(2).Float(0).Float(0).Float(3).Float(4);

        using var compiled = Load(("", Clustering), ("Model/", model));
        var outputs = Score(compiled, 0, 1, 3, 3, 1.5f, 2);

        Assert.That(((Column<float>)outputs["Score"]).Values[..6], Is.EqualTo(new float[] { 1, 18, 18, 1, 6.25f, 6.25f }));
        Assert.That(((Column<uint>)outputs["PredictedLabel"]).Values[..3], Is.EqualTo(new uint[] { 1, 2, 1 }), "the first of two that are as near");
    }

    [Test]
    public void Sparse_centres_may_leave_slots_out()
    {
        var model = new TestComponent("KMeansPredictor", 0x00010002).Int(4).Int(2).Int(2).Int(1).Int(1).Float(5).Int(0);

        Assert.That(Scores([("", Clustering), ("Model/", model)], 2, 4), Is.EqualTo(new float[] { 5, 20 }));
    }

    [Test]
    public void Naive_Bayes_of_the_first_layout_counts_in_32_bits()
    {
        var model = new TestComponent("MultiClassNaiveBayesPred", 0x00010001).Int(4).Ints(3, 0, 1).Int(2)
            .Int(2).Int(0).Int(1).Int(1).Double(-0.25).Double(0).Double(-0.5);

        var scores = Scores([("", Multiclass), ("Model/", model)], -1, 0, 1, 0);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(scores[0], Is.EqualTo((float)(Math.Log(0.75) - 0.25)), "no feature above zero");
            Assert.That(scores[1], Is.EqualTo(float.NegativeInfinity), "a class never seen");
            Assert.That(scores[3], Is.EqualTo((float)(Math.Log(0.75) + Math.Log(3) - Math.Log(6) + (-0.25 - (Math.Log(2) - Math.Log(6))))).Within(1e-6f));
        }
    }

    [Test]
    public void One_versus_all_may_answer_raw_scores_or_their_softmax([Values(0, 2)] byte formula)
    {
        var model = new TestComponent("OVAExec", 0x00010001).Int(4).Byte(formula).Int(2);

        var scores = Scores([("", Multiclass), ("Model/", model), ("Model/SubPredictor_000/", Linear(1, 0)), ("Model/SubPredictor_001/", Linear(0, 1))], 1, 3);

        Assert.That(scores, Is.EqualTo(formula == 0 ? [1, 3] : new[] { (float)(Math.E / (Math.E + Math.Exp(3))), (float)(Math.Exp(3) / (Math.E + Math.Exp(3))) }));
    }

    [Test]
    public void Probabilities_are_asked_of_predictors_that_make_some() => Assert.That(
        () => Load(("", Multiclass), ("Model/", new TestComponent("OVAExec", 0x00010001).Int(4).Byte(1).Int(1)), ("Model/SubPredictor_000/", Linear(1, 0))),
        Throws.TypeOf<BatchScorerException>().With.Message.Contains("SubPredictor_000/Model.key (Linear2CExec) is corrupt: it makes no probability"));

    [Test]
    public void Pairs_of_classes_are_reconciled_and_coupled()
    {
        // Probabilities: 0.5 of the first, 0.25 of the second, and 0.75 of either.
        var scores = Scores(
            [
                ("", Multiclass), ("Model/", new TestComponent("PKPDExec", 0x00010001).Int(4).Int(2)),
                .. Calibrated("Model/SubPredictor_000/", 0), .. Calibrated("Model/SubPredictor_001/", Math.Log(3)), .. Calibrated("Model/SubPredictor_001_000/", -Math.Log(3)),
            ], 0, 0);

        Assert.That(scores, Is.EqualTo(new[] { 2 / 3f, 1 / 3f }).Within(1e-6f));
    }

    [Test]
    public void A_multiclass_linear_model_may_keep_its_weights_in_compressed_rows()
    {
        var model = new TestComponent("MulticlassLinear", 0x00010001).Int(4).Int(2).Floats(0.5f, -1).Ints(0, 1, 3).Ints(1, 0, 1).Floats(10, 1, 2);

        Assert.That(Scores([("", Multiclass), ("Model/", model)], 3, 4), Is.EqualTo(new float[] { 40.5f, 10 }));
    }

    [Test]
    public void Rows_of_weights_that_overlap_are_refused() => Assert.That(
        () => Load(("", Multiclass), ("Model/", new TestComponent("MulticlassLinear", 0x00010001).Int(4).Int(2).Floats(0, 0).Ints(0, 3, 2).Ints(0, 1).Floats(1, 1))),
        Throws.TypeOf<BatchScorerException>().With.Message.Contains("the rows of its weights overlap"));

    [TestCase(-100f, 0.1f)]
    [TestCase(1f, 0.1f)]
    [TestCase(2.5f, 0.3f)]
    [TestCase(1000f, 0.6f)]
    [TestCase(float.NaN, float.NaN)]
    public void A_naive_calibrator_looks_up_the_bin(float score, float expected)
    {
        var calibrator = new TestComponent("NaiveCaliExec", 0x00010001).Int(4).Float(1).Float(1).Floats(0.1f, 0.3f, 0.6f);

        Assert.That(Probability(calibrator, score), Is.EqualTo(expected));
    }

    [TestCase(0f, 1e-15f)]
    [TestCase(1.5f, 1e-15f)]
    [TestCase(3f, 0.25f)]
    [TestCase(4f, 0.5f)]
    [TestCase(9f, 1f)]
    [TestCase(float.NaN, float.NaN)]
    public void An_isotonic_calibrator_is_constant_in_a_piece_and_a_line_between_pieces(float score, float expected)
    {
        var calibrator = new TestComponent("PAVCaliExec", 0x00010001).Int(4).Int(3)
            .Float(1).Float(2).Float(0).Float(4).Float(5).Float(0.5f).Float(6).Float(7).Float(1);

        Assert.That(Probability(calibrator, score), Is.EqualTo(expected));
    }

    [Test]
    public void A_factorization_of_the_first_layout_has_a_least_key_which_must_be_zero([Values(0, 1)] int leastKey)
    {
        var vocabulary = new TestComponent("TermManager", 0x00010002).Int(2).Byte(0).Int(1).String("ann").Byte(0).Int(2).String("cup").String("pen");
        var model = new TestModel(("User", "TextSpan"), ("Item", "TextSpan"))
            .Step(("", new TestComponent("TermTransform", 0x00010003).Pairs(("User", "User"), ("Item", "Item")).Byte(0).Byte(0)), ("Vocabulary", vocabulary))
            .Step(
                ("", new TestComponent("MaFactPredXf", 0x00010001).String("User").String("Item")),
                ("Model", new TestComponent("MFPredictor", 0x00010001).Int(2).Int(leastKey).Int(0).Int(1).Int(0).Int(0).Int(2).Float(1).Float(2).Float(3).Float(4).Float(10).Float(100)));

        if (leastKey > 0)
        {
            Assert.That(() => CompiledModel.Load(model.ToFile()), Throws.TypeOf<BatchScorerException>().With.Message.Contains("keys that do not begin at 0"));
            return;
        }

        using var compiled = CompiledModel.Load(model.ToFile());
        Batch inputs = compiled.Schema.CreateInputs(2), outputs = compiled.Schema.CreateOutputs(2);
        foreach (var (name, values) in new[] { ("User", (string[])["ann", "bob"]), ("Item", ["pen", "pen"]) })
            Array.ForEach(values, ((TextColumn)inputs[name]).Append);
        inputs.RowCount = 2;
        compiled.Score(inputs, outputs, []);

        Assert.That(((Column<float>)outputs["Score"]).Values[..2], Is.EqualTo(new[] { 430, float.NaN }));
    }

    [Test]
    public void A_value_above_every_bin_of_an_additive_model_rejects_its_row()
    {
        var model = new TestComponent("RegressionGamPredictor", 0x00010001).Int(1).Int(2).Double(1)
            .Doubles(10, 20).Double(0).Double(5).Int(1).Int(1).Int(0);
        using var compiled = Load(("", Regression), ("Model/", model));
        Batch inputs = compiled.Schema.CreateInputs(4), outputs = compiled.Schema.CreateOutputs(4);
        new[] { 0, 0, 0, 5, 0, 6, 0, float.NaN }.CopyTo(((Column<float>)inputs["Features"]).Values, 0);
        inputs.RowCount = 4;
        var faults = new List<RowFault>();

        compiled.Score(inputs, outputs, faults);

        Assert.That(faults.Select(fault => (fault.Row, fault.Column)), Is.EqualTo(new[] { (2, "Features") }));
        var scores = ((Column<float>)outputs["Score"]).Values;
        Assert.That(new[] { scores[0], scores[1], scores[3] }, Is.EqualTo(new float[] { 11, 21, 11 }));
    }

    [Test]
    public void A_local_deep_machine_adds_what_the_nodes_on_the_way_say()
    {
        // Two leaves: the root says x at tanh(0.5 y), the left leaf 1 and the right one 2 at tanh(0.5).
        var model = new TestComponent("LDSVMBinaryPredictor", 0x00010001).Int(4).Int(2).Int(2).Float(0.5f)
            .Float(1).Float(0).Float(0).Float(0).Float(0).Float(0)
            .Float(0).Float(1).Float(0).Float(0).Float(0).Float(0)
            .Float(1).Float(0)
            .Float(0).Float(1).Float(2).Float(0).Float(0).Float(1).Float(1);

        Assert.That(
            Scores([("", Binary), ("Model/", model)], 3, 2, -3, 2),
            Is.EqualTo(new[] { (float)(Math.Tanh(1) * 3 + Math.Tanh(0.5)), (float)(Math.Tanh(1) * -3 + Math.Tanh(0.5) * 2) }));
    }

    [Test]
    public void A_predictor_of_several_numbers_does_not_stand_for_one_of_one() => Assert.That(
        () => Load(("", Regression), ("Model/", new TestComponent("KMeansPredictor", 0x00010001).Int(4).Int(1).Int(2).Float(0).Float(0))),
        Throws.TypeOf<BatchScorerException>().With.Message.Contains("its score is Vector of 1 Single, expected one number a row"));

    private static TestComponent Linear(params float[] weights) => new TestComponent("Linear2CExec", 0x00020001).Int(4).Float(0).Int(weights.Length).Int(0).Floats(weights);

    /// <summary>A predictor whose probability is 1 / (1 + exp(offset)) for a score of 0.</summary>
    private static (string, TestComponent)[] Calibrated(string path, double offset) =>
    [
        (path, new TestComponent("CaliPredExec", 0x00010001)), ($"{path}Predictor/", Linear(1, 0)),
        ($"{path}Calibrator/", new TestComponent("PlattCaliExec", 0x00010001).Double(-1).Double(offset)),
    ];

    private static float Probability(TestComponent calibrator, float score)
    {
        using var compiled = Load(("", Binary), ("Model/", Linear(1, 0)), ("Model/Calibrator/Model.bin", calibrator));
        return ((Column<float>)Score(compiled, score, 0)["Probability"]).Values[0];
    }

    private static CompiledModel Load(params (string Path, TestComponent Component)[] components) => CompiledModel.Load(
        new TestModel(("Features", "VBuffer 2 Single")).Step([.. components.Select(component => (component.Path.TrimEnd('/'), component.Component))]).ToFile());

    private static float[] Scores((string, TestComponent)[] components, params float[] features)
    {
        using var compiled = Load(components);
        var outputs = Score(compiled, features);
        return ((Column<float>)outputs["Score"]).Values[..(outputs.RowCount * outputs["Score"].Type.Width)];
    }

    private static Batch Score(CompiledModel compiled, params float[] features)
    {
        Batch inputs = compiled.Schema.CreateInputs(8), outputs = compiled.Schema.CreateOutputs(8);
        features.CopyTo(((Column<float>)inputs["Features"]).Values, 0);
        inputs.RowCount = features.Length / 2;
        compiled.Score(inputs, outputs, []);
        return outputs;
    }
}

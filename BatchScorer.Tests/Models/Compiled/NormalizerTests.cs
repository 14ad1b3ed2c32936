using BatchScorer.Batches;
using BatchScorer.Errors;
using BatchScorer.Models.Compiled;

namespace BatchScorer.Tests.Models.Compiled;

/// <summary>Normalizers in layouts and shapes that no golden case has, in models written by hand.</summary>
internal sealed class NormalizerTests
{
    [Test]
    public void The_oldest_layout_names_the_type_after_the_size()
    {
        var model = new TestModel(("X", "VBuffer 2 Single")).Step(
            ("", new TestComponent("Normalizer", 0x00010001).Pairs(("Y", "X")).Byte(1).Int(2).Byte(9)),
            ("Normalizer_000", new TestComponent("AffineNormExec", 0x00010003).Int(4).Int(2).Int(-1).Floats(2, 3).Floats(1, 0)));

        Assert.That(StepTrial.Floats(Score(model, 5, 7), "Y"), Is.EqualTo(new float[] { 8, 21 }));
    }

    [Test]
    public void A_layout_before_transformers_takes_the_type_from_its_source()
    {
        var model = new TestModel(("X", "VBuffer 2 Single")).Step(
            ("", new TestComponent("NormalizeTransform", 0x00010003).Int(4).Pairs(("Y", "X"))),
            ("Normalizer_000", new TestComponent("AffineNormExec", 0x00010003).Int(4).Int(2).Int(-1).Floats(2, 3).Int(0)));

        Assert.That(StepTrial.Floats(Score(model, 5, 7), "Y"), Is.EqualTo(new float[] { 10, 21 }));
    }

    [Test]
    public void Bins_are_shares_of_the_last_one_and_may_keep_zero_where_it_is([Values] bool keepsZero)
    {
        var model = new TestModel(("X", "VBuffer 3 Single")).Step(
            ("", new TestComponent("Normalizer", 0x00010002).Pairs(("Y", "X")).Byte(1).Byte(9).Ints(3)),
            ("Normalizer_000", new TestComponent("BinNormalizeFunction", 0x00010001).Byte((byte)(keepsZero ? 1 : 0))),
            ("Normalizer_000/BinNormalizer", new TestComponent("BinNormExec", 0x00010001).Int(4).Int(3)
                .Floats(-1, 1, float.PositiveInfinity).Floats(float.PositiveInfinity).Floats(0, float.PositiveInfinity)));

        var outputs = Score(model, -1, 5, float.NaN, 0, 0, 0, 2, -9, 1);

        var zero = keepsZero ? 0.5f : 0;
        Assert.That(StepTrial.Floats(outputs, "Y"), Is.EqualTo(new[] { 0 - zero, 0, float.NaN, 0.5f - zero, 0, 0, 1 - zero, 0, 1 }));
    }

    [Test]
    public void Bounds_that_do_not_ascend_are_refused()
    {
        var model = new TestModel(("X", "Single")).Step(
            ("", new TestComponent("Normalizer", 0x00010002).Pairs(("Y", "X")).Byte(0).Byte(9)),
            ("Normalizer_000", new TestComponent("BinNormalizeFunction", 0x00010001).Byte(0)),
            ("Normalizer_000/BinNormalizer", new TestComponent("BinNormExec", 0x00010001).Int(4).Int(1).Floats(1, 0, float.PositiveInfinity)));

        Assert.That(() => CompiledModel.Load(model.ToFile()), Throws.TypeOf<BatchScorerException>().With.Message.Contains("the bounds of slot 0 do not ascend to infinity"));
    }

    [Test]
    public void A_distribution_puts_its_mean_at_one_half_and_ignores_what_is_not_finite()
    {
        var model = new TestModel(("X", "VBuffer 2 Single")).Step(
            ("", new TestComponent("Normalizer", 0x00010002).Pairs(("Y", "X")).Byte(1).Byte(9).Ints(2)),
            ("Normalizer_000", new TestComponent("CdfNormalizeFunction", 0x00010001).Int(4).Byte(0).Int(2).Float(3).Float(3).Float(2).Float(0)));

        Assert.That(StepTrial.Floats(Score(model, 3, 3, float.NaN, 1), "Y"), Is.EqualTo(new[] { 0.5f, 0, 0, 0 }));
    }

    [TestCase((byte)0, 5f)]
    [TestCase((byte)2, 7f)]
    [TestCase((byte)3, 4f)]
    public void A_row_is_divided_by_its_norm(byte norm, float length)
    {
        var model = new TestModel(("X", "VBuffer 2 Single"))
            .Step(("", new TestComponent("GcnTransform", 0x00010002).Int(4).Pairs(("Y", "X")).Byte(0).Byte(norm).Float(1)));

        Assert.That(StepTrial.Floats(Score(model, 3, -4), "Y"), Is.EqualTo(new[] { 3 * (1 / length), -4 * (1 / length) }));
    }

    [Test]
    public void A_row_less_its_mean_is_divided_by_its_deviation()
    {
        var model = new TestModel(("X", "VBuffer 4 Single"))
            .Step(("", new TestComponent("GcnTransform", 0x00010003).Pairs(("Y", "X")).Byte(1).Byte(1).Float(3)));

        Assert.That(StepTrial.Floats(Score(model, 1, 3, 1, 3), "Y"), Is.EqualTo(new float[] { -3, 3, -3, 3 }));
    }

    private static Batch Score(TestModel model, params float[] values) => StepTrial.Score(model, batch =>
    {
        values.CopyTo(((Column<float>)batch["X"]).Values, 0);
        batch.RowCount = values.Length / batch["X"].Type.Width;
    });
}

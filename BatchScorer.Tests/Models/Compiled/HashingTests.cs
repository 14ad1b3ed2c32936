using BatchScorer.Batches;

namespace BatchScorer.Tests.Models.Compiled;

/// <summary>Hashes in layouts and kinds that no golden case has, in models written by hand. The numbers are ML.NET's.</summary>
internal sealed class HashingTests
{
    private static readonly string[] SeveralScripts = ["", " ", "red", "Größe", "aé", "日本", "x😀"];

    [Test]
    public void Texts_were_hashed_in_another_way_before_MLNet_1_5()
    {
        var model = new TestModel(("Text", "TextSpan")).Step(("", Hash(0x00010002, "Text", bits: 12, seed: 77)));

        Assert.That(StepTrial.Keys(StepTrial.Score(model, SeveralScripts), "Key"), Is.EqualTo(new uint[] { 0, 243, 336, 1911, 3429, 3006, 3069 }));
    }

    [Test]
    public void Blanks_around_a_text_do_not_count([Values(0x00010002U, 0x00010003U)] uint version)
    {
        var model = new TestModel(("Text", "TextSpan")).Step(("", Hash(version, "Text", bits: 31, seed: 1)));

        var keys = StepTrial.Keys(StepTrial.Score(model, "größer als", "  größer als ", "größer  als"), "Key");

        Assert.That(keys[0], Is.EqualTo(keys[1]).And.Not.EqualTo(keys[2]));
    }

    [Test]
    public void There_is_one_zero_and_what_is_not_a_number_is_missing()
    {
        var model = new TestModel(("X", "Single")).Step(("", Hash(0x00010004, "X", bits: 31, seed: 9).Byte(0)));

        var keys = StepTrial.Keys(Score(model, 0, -0f, float.NaN, 1), "Key");

        Assert.That(keys, Is.EqualTo(new uint[] { keys[0], keys[0], 0, keys[3] }));
    }

    [Test]
    public void The_place_in_a_vector_counts_when_it_is_asked_for([Values] bool isOrdered)
    {
        var model = new TestModel(("X", "VBuffer 2 Single")).Step(("", Hash(0x00010004, "X", bits: 31, seed: 9, isOrdered).Byte(0)));

        var keys = StepTrial.Keys(Score(model, 5, 5), "Key");

        Assert.That(keys[0] == keys[1], Is.EqualTo(!isOrdered));
    }

    [Test]
    public void A_vector_has_one_key_when_it_is_hashed_as_a_whole_and_none_when_a_value_is_missing()
    {
        var model = new TestModel(("X", "VBuffer 2 Single")).Step(("", Hash(0x00010004, "X", bits: 31, seed: 9).Byte(1)));

        var keys = StepTrial.Keys(Score(model, 5, 6, 6, 5, 5, float.NaN), "Key");

        Assert.That(keys, Is.EqualTo(new uint[] { keys[0], keys[1], 0 }));
        Assert.That(keys[0], Is.Not.EqualTo(keys[1]).And.Not.Zero);
    }

    [Test]
    public void Runs_of_keys_are_counted_by_their_hashes([Values(0x00010002U, 0x00010003U)] uint version)
    {
        const int bits = 4;
        var step = new TestComponent("NgramHashTransform", version);
        _ = version < 0x00010003
            ? step.Int(sizeof(float)).Int(1).String("Runs").Int(1).String("Key")
            : step.Int(1).Int(1).String("Key").String("Runs");
        step.Int(2).Int(0).Int(bits).Int(7).Byte(0).Byte(0).Byte(1);
        var model = new TestModel(("X", "VBuffer 3 Single")).Step(("", Hash(0x00010004, "X", bits: 2, seed: 9).Byte(0))).Step(("", step));

        var outputs = Score(model, 5, 5, float.NaN);

        var (keys, runs) = (StepTrial.Keys(outputs, "Key"), StepTrial.Floats(outputs, "Runs"));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(runs.Sum(), Is.EqualTo(5), "three of one key and two of two");
            Assert.That(runs[keys[0]], Is.GreaterThanOrEqualTo(2), "one key is its own hash");
            Assert.That(runs[0], Is.GreaterThanOrEqualTo(1), "also a missing one");
        }
    }

    private static TestComponent Hash(uint version, string source, int bits, int seed, bool isOrdered = false) =>
        new TestComponent("HashTransform", version).Pairs(("Key", source)).Int(bits).Int(seed).Byte((byte)(isOrdered ? 1 : 0));

    private static Batch Score(TestModel model, params float[] values) => StepTrial.Score(model, batch =>
    {
        values.CopyTo(((Column<float>)batch["X"]).Values, 0);
        batch.RowCount = values.Length / batch["X"].Type.Width;
    });
}

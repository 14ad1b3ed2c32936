using BatchScorer.Batches;
using BatchScorer.Errors;
using BatchScorer.Models.Compiled;

namespace BatchScorer.Tests.Models.Compiled;

/// <summary>Steps over texts in layouts and kinds that no golden case has, in models written by hand.</summary>
internal sealed class TextStepTests
{
    private const byte Lower = 0;

    private static readonly (string, TestComponent) Words = ("", new TestComponent("TokenizeTextTransform", 0x00010001).Pairs(("Words", "Text")).Int(2).Char(' ').Char('é'));

    [Test]
    public void A_text_is_normalized_character_by_character()
    {
        var model = new TestModel(("Text", "TextSpan"))
            .Step(("", new TestComponent("TextNormalizerTransform", 0x00010001).Pairs(("Normal", "Text")).Byte(Lower).Byte(0).Byte(0).Byte(0)));

        var outputs = StepTrial.Score(model, "Ärger, 12½ ÉTÉ — e\u0301 😀 ЁЖ ß İ", "", "...");

        Assert.That(Texts(outputs, "Normal"), Is.EqualTo(new[] { "arger  ete  e 😀 еж ß i", "", "" }));
    }

    [Test]
    public void Words_are_looked_up_and_their_runs_counted()
    {
        var model = new TestModel(("Text", "TextSpan")).Step(Words).Step(KeysOfWords)
            .Step(("", Ngrams(0x00010003, weighting: 0).Doubles()));

        var outputs = Scored(model, "a b a b", "b  a", "éaébé", "c a", "");

        Assert.That(StepTrial.Floats(outputs, "Runs"), Is.EqualTo(new float[] { 2, 2, 2, 1, 1, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0 }));
    }

    [Test]
    public void Runs_have_weights([Values(1, 2)] int weighting)
    {
        var model = new TestModel(("Text", "TextSpan")).Step(Words).Step(KeysOfWords)
            .Step(("", Ngrams(0x00010002, weighting).Doubles(0.5, 0.25, 2)));

        Assert.That(StepTrial.Floats(Scored(model, "a b a b"), "Runs"), Is.EqualTo(weighting == 1 ? new[] { 0.5f, 0.25f, 2 } : [1, 0.5f, 4]));
    }

    [Test]
    public void Runs_of_the_first_layout_have_no_weights()
    {
        var model = new TestModel(("Text", "TextSpan")).Step(Words).Step(KeysOfWords).Step(("", Ngrams(0x00010001, weighting: null)));

        Assert.That(StepTrial.Floats(Scored(model, "a b b"), "Runs"), Is.EqualTo(new float[] { 1, 2, 1 }));
    }

    [Test]
    public void Runs_may_skip_words()
    {
        var model = new TestModel(("Text", "TextSpan")).Step(Words).Step(KeysOfWords)
            .Step(("", Ngrams(0x00010003, weighting: 0, skips: 1).Doubles()));

        Assert.That(StepTrial.Floats(Scored(model, "a a b"), "Runs"), Is.EqualTo(new float[] { 2, 1, 2 }), "once next to each other, once with a word between them");
    }

    [Test]
    public void Stop_words_are_left_out_in_any_case()
    {
        var model = new TestModel(("Text", "TextSpan")).Step(Words)
            .Step(("", new TestComponent("CustomStopWords", 0x00010001).Pairs(("Words", "Words")).Int(1).String("größe")),
                ("Stopwords", new TestComponent("CustomStopWordsManager", 0x00010001)))
            .Step(KeysOfWords).Step(("", new TestComponent("KeyToVectorTransform", 0x00010002).Pairs(("Bag", "Keys")).Byte(1)));

        Assert.That(StepTrial.Floats(Scored(model, ["Bag"], "GRÖSSE GRÖßE a"), "Bag"), Is.EqualTo(new float[] { 1, 0 }));
    }

    [Test]
    public void Characters_of_several_texts_are_marked_as_the_layout_says([Values(0x00010001U, 0x00010002U)] uint version)
    {
        var tokens = new TestComponent("CharToken", version).Pairs(("Characters", "Text")).Byte(1);
        var model = new TestModel(("Text", "VBuffer 2 TextSpan")).Step(("", version == 0x00010001 ? tokens : tokens.Byte(0)))
            .Step(("", new TestComponent("KeyToVectorTransform", 0x00010002).Pairs(("Bag", "Characters")).Byte(1)));

        var counts = StepTrial.Floats(StepTrial.Score(model, "a😀", "b"), "Bag");

        (int Code, float Count)[] expected = version == 0x00010001
            ? [(0x02, 2), (0x03, 2), ('a', 1), ('b', 1), (0xD83D, 1), (0xDE00, 1)]
            : [(0x02, 1), (0x03, 1), (0x1F, 1), ('a', 1), ('b', 1), (0xD83D, 1), (0xDE00, 1)];
        Assert.That(counts.Index().Where(slot => slot.Item != 0).Select(slot => (slot.Index + 1, slot.Item)), Is.EqualTo(expected));
    }

    [Test]
    public void A_column_of_words_is_no_answer()
    {
        var model = new TestModel(("Text", "TextSpan")).Step(Words);

        Assert.That(
            () => CompiledModel.Load(model.ToFile(), ["Words"]),
            Throws.TypeOf<BatchScorerException>().With.Message.Contains("\"Words\" has a different number of values in each row"));
    }

    [Test]
    public void What_featurizes_texts_was_once_a_list_of_steps_some_of_them_wrapped()
    {
        var normalizer = new TestComponent("TextNormalizerTransform", 0x00010001).Pairs(("Text", "Text")).Byte(1).Byte(1).Byte(1).Byte(1);
        var copy = new TestComponent("CopyTransform", 0x00010001).Pairs(("Copy", "Text"));
        var model = new TestModel(("Text", "TextSpan")).Step(
            ("", new TestComponent("Text", 0x00010001).Int(2)),
            ("Step_000", normalizer),
            ("Step_001/Mapper", copy));

        Assert.That(Texts(StepTrial.Score(model, "straße"), "Copy"), Is.EqualTo(new[] { "STRAßE" }));
    }

    private static (string, TestComponent)[] KeysOfWords =>
    [
        ("", new TestComponent("TermTransform", 0x00010003).Pairs(("Keys", "Words")).Byte(0)),
        ("Vocabulary", new TestComponent("TermManager", 0x00010002).Int(1).Byte(0).Int(2).String("a").String("b")),
    ];

    private static Batch Scored(TestModel model, params string[] texts) => Scored(model, ["Runs"], texts);

    private static Batch Scored(TestModel model, string[] outputs, params string[] texts) => StepTrial.Score(
        model,
        batch =>
        {
            foreach (var text in texts)
                ((TextColumn)batch.Columns[0]).Append(text);
            batch.RowCount = texts.Length;
        },
        outputs: outputs);

    /// <summary>Knows the runs a, b and a b.</summary>
    private static TestComponent Ngrams(uint version, int? weighting, int skips = 0)
    {
        var step = new TestComponent("NgramTransform", version);
        if (version < 0x00010003)
            step.Int(sizeof(float));
        step.Pairs(("Runs", "Keys")).Int(2).Int(skips);
        if (weighting is { } number)
            step.Int(number);
        return step.Byte(1).Byte(1).Int(3).Int(0).Int(1).Int(2).Int(4).Byte(1).Byte(2).Byte(1).Byte(2);
    }

    private static IEnumerable<string> Texts(Batch batch, string name) =>
        Enumerable.Range(0, batch.RowCount).Select(((TextColumn)batch[name]).Text);
}

using BatchScorer.Batches;
using BatchScorer.Errors;
using BatchScorer.Models;
using BatchScorer.Models.Compiled;

namespace BatchScorer.Tests.Models.Compiled;

/// <summary>Steps and layouts that no golden case has, in models written by hand.</summary>
internal sealed class StepTests
{
    private static readonly (string, TestComponent)[] PlanToKey =
    [
        ("", new TestComponent("TermTransform", 0x00010003).Pairs(("Key", "Plan")).Byte(0)),
        ("Vocabulary", new TestComponent("TermManager", 0x00010002).Int(1).Byte(0).Int(2).String("basic").String("größer")),
    ];

    [Test]
    public void A_key_is_answered_as_what_it_stands_for()
    {
        var model = new TestModel(("Plan", "TextSpan")).Step(PlanToKey);

        Assert.That(Texts(Score(model, batch => Fill(batch, "größer", "", "unseen", "basic")), "Key"), Is.EqualTo(new[] { "größer", "", "", "basic" }));
    }

    [Test]
    public void A_key_goes_back_to_its_value()
    {
        var model = new TestModel(("Plan", "TextSpan")).Step(PlanToKey)
            .Step(("", new TestComponent("KeyToValueTransform", 0x00010001).Pairs(("Value", "Key"))));

        Assert.That(Texts(Score(model, batch => Fill(batch, "größer", "unseen", "basic")), "Value"), Is.EqualTo(new[] { "größer", "", "basic" }));
    }

    [Test]
    public void A_bag_counts_the_keys_of_a_vector()
    {
        var model = new TestModel(("Plan", "VBuffer 3 TextSpan")).Step(PlanToKey)
            .Step(("", new TestComponent("KeyToVectorTransform", 0x00010002).Pairs(("Counts", "Key")).Byte(1)));

        var outputs = Score(model, batch => Fill(batch, "basic", "basic", "unseen", "größer", "", "basic"), rows: 2);

        Assert.That(Floats(outputs, "Counts"), Is.EqualTo(new float[] { 2, 0, 1, 1 }));
    }

    [Test]
    public void One_hot_of_a_vector_has_a_part_for_each_value()
    {
        var model = new TestModel(("Plan", "VBuffer 2 TextSpan")).Step(PlanToKey)
            .Step(("", new TestComponent("KeyToVectorTransform", 0x00010002).Pairs(("Slots", "Key")).Byte(0)));

        var outputs = Score(model, batch => Fill(batch, "größer", "basic"), rows: 1);

        Assert.That(Floats(outputs, "Slots"), Is.EqualTo(new float[] { 0, 1, 1, 0 }));
    }

    [Test]
    public void A_text_that_is_no_integer_rejects_its_row_and_no_other()
    {
        var model = new TestModel(("Count", "TextSpan"))
            .Step(("", new TestComponent("ConvertTransform", 0x00010004).Pairs(("Number", "Count")).Byte(5)));
        var faults = new List<RowFault>();

        var outputs = Score(model, batch => Fill(batch, "12", "twelve", "", "-2147483648", " 3"), faults: faults);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(faults.Select(fault => (fault.Row, fault.Column)), Is.EqualTo(new[] { (1, "Count"), (4, "Count") }));
            Assert.That(faults[0].Reason, Is.EqualTo("the text is not a whole number that fits Int32"));
            var numbers = ((Column<int>)outputs["Number"]).Values;
            Assert.That(new[] { numbers[0], numbers[2], numbers[3] }, Is.EqualTo(new[] { 12, 0, int.MinValue }));
        }
    }

    [Test]
    public void Numbers_become_text_as_MLNet_writes_them()
    {
        var model = new TestModel(("X", "Single"), ("Y", "Double"), ("Flag", "Boolean"))
            .Step(("", new TestComponent("ConvertTransform", 0x00010004).Pairs(("A", "X"), ("B", "Y"), ("C", "Flag")).Byte(11).Byte(11).Byte(11)));

        var outputs = Score(model, batch =>
        {
            ((Column<float>)batch["X"]).Values[0] = 0.1f + 0.2f;
            ((Column<double>)batch["Y"]).Values[0] = 0.1;
            ((Column<bool>)batch["Flag"]).Values[0] = true;
            batch.RowCount = 1;
        });

        Assert.That(new[] { "A", "B", "C" }.SelectMany(name => Texts(outputs, name)), Is.EqualTo(new[] { "0.3", "0.10000000000000001", "True" }));
    }

    [Test]
    public void Missing_values_of_a_vector_are_replaced_slot_by_slot_and_noted()
    {
        var model = new TestModel(("X", "VBuffer 2 Single"))
            .Step(("", new TestComponent("NaIndicatorTransform", 0x00010001).Pairs(("WasMissing", "X"))))
            .Step(("", new TestComponent("NAReplaceTransform", 0x00010002).Pairs(("X", "X"))
                .Byte(7).Byte((byte)'V').Byte((byte)'B').Byte((byte)'u').Byte((byte)'f').Byte((byte)'f').Byte((byte)'e').Byte((byte)'r')
                .Byte(16).Byte(6).Byte((byte)'S').Byte((byte)'i').Byte((byte)'n').Byte((byte)'g').Byte((byte)'l').Byte((byte)'e').Byte(0).Ints(2)
                .Int(1).Int(2).Int(-1).Int(0).Float(10).Float(20)));

        var outputs = Score(model, batch =>
        {
            new[] { 1, float.NaN, float.NaN, 2 }.CopyTo(((Column<float>)batch["X"]).Values, 0);
            batch.RowCount = 2;
        });

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Floats(outputs, "X"), Is.EqualTo(new float[] { 1, 20, 10, 2 }));
            Assert.That(((Column<bool>)outputs["WasMissing"]).Values[..4], Is.EqualTo(new[] { false, true, true, false }));
        }
    }

    [Test]
    public void A_copy_lives_on_when_its_source_is_replaced_and_names_not_selected_are_gone()
    {
        var model = new TestModel(("X", "Single"), ("Y", "Single"))
            .Step(("", new TestComponent("CopyTransform", 0x00010001).Pairs(("Before", "X"))))
            .Step(("", new TestComponent("ConvertTransform", 0x00010004).Pairs(("X", "X"), ("Z", "Y")).Byte(10).Byte(10)))
            .Step(("", new TestComponent("SelectColumnsTransform", 0x00010001).Byte(1).Byte(0).Byte(0).Int(2).String("Before").String("X")));

        using var compiled = CompiledModel.Load(model.ToFile());

        using (Assert.EnterMultipleScope())
        {
            Assert.That(compiled.Schema.Outputs, Is.EqualTo(new[]
            {
                new ModelColumn("Before", new ColumnType(ValueKind.Single)), new ModelColumn("X", new ColumnType(ValueKind.Double)),
            }));
            Assert.That(compiled.Schema.Inputs.Select(input => input.Name), Is.EqualTo(new[] { "X" }), "no answer depends on Y");
        }
    }

    [Test]
    public void A_column_of_a_type_without_a_place_is_only_an_error_when_a_step_reads_it()
    {
        var step = ("", new TestComponent("CopyTransform", 0x00010001).Pairs(("Copy", "X")));
        var unread = new TestModel(("When", "DateTime"), ("X", "Single")).Step(step);
        var read = new TestModel(("X", "DateTime")).Step(step);

        using var model = CompiledModel.Load(unread.ToFile());

        Assert.That(
            () => CompiledModel.Load(read.ToFile()),
            Throws.TypeOf<BatchScorerException>().With.Message.Contains("(CopyTransform) reads \"X\", a column of type DateTime"));
    }

    [Test]
    public void A_layout_newer_than_the_one_known_is_not_guessed_at() => Assert.That(
        () => CompiledModel.Load(new TestModel(("X", "Single")).Step(("", new TestComponent("CopyTransform", 0x00010002).Pairs(("Y", "X")))).ToFile()),
        Throws.TypeOf<BatchScorerException>().With.Message.Contains("layout 00010002, newer than 00010001"));

    [Test]
    public void A_schema_that_wants_more_values_than_a_row_has_is_refused() => Assert.That(
        () => CompiledModel.Load(new TestModel(("X", "VBuffer 16777216 TextSpan")).Step(("", new TestComponent("CopyTransform", 0x00010001).Pairs(("Y", "X")))).ToFile()),
        Throws.TypeOf<BatchScorerException>().With.Message.Contains("read 16,777,216 values from each row; at most 16,384"));

    private static Batch Score(TestModel model, Action<Batch> fill, int? rows = null, List<RowFault>? faults = null)
    {
        using var compiled = CompiledModel.Load(model.ToFile());
        Batch inputs = compiled.Schema.CreateInputs(8), outputs = compiled.Schema.CreateOutputs(8);
        fill(inputs);
        inputs.RowCount = rows ?? inputs.RowCount;
        compiled.Score(inputs, outputs, faults ?? []);
        return outputs;
    }

    private static void Fill(Batch batch, params string[] values)
    {
        foreach (var value in values)
            ((TextColumn)batch.Columns[0]).Append(value);
        batch.RowCount = values.Length / batch.Columns[0].Type.Width;
    }

    private static float[] Floats(Batch batch, string name) => ((Column<float>)batch[name]).Values[..(batch.RowCount * batch[name].Type.Width)];

    private static IEnumerable<string> Texts(Batch batch, string name) =>
        Enumerable.Range(0, batch.RowCount * batch[name].Type.Width).Select(((TextColumn)batch[name]).Text);
}

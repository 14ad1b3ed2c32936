using BatchScorer.Batches;
using BatchScorer.Errors;
using BatchScorer.Models.Compiled;

namespace BatchScorer.Tests.Models.Compiled;

/// <summary>Steps as ML.NET wrote them before 1.0 and still reads them, and the choice of slots and names.</summary>
internal sealed class OldLayoutTests
{
    [Test]
    public void Columns_were_once_put_side_by_side_with_their_aliases_at_the_end([Values(0x00010001U, 0x00010002U)] uint version)
    {
        var step = new TestComponent("ConcatTransform", version).Int(sizeof(float)).Int(1).String("Both").Int(2).String("X").String("Y");
        if (version == 0x00010002)
            step.Int(1).String("alias").Int(-1);

        Assert.That(StepTrial.Floats(Score(new TestModel(("X", "Single"), ("Y", "Single")).Step(("", step)), 3, 4), "Both"), Is.EqualTo(new float[] { 3, 4 }));
    }

    [Test]
    public void Names_were_once_dropped_by_a_step_of_their_own()
    {
        var model = new TestModel(("X", "Single"), ("Y", "Single")).Step(Copies)
            .Step(("", new TestComponent("DropColumnsTransform", 0x00010002).Int(sizeof(float)).Byte(0).Int(1).String("A")));

        Assert.That(Outputs(model), Is.EqualTo(new[] { "B" }));
    }

    [Test]
    public void Names_were_once_chosen_by_a_step_of_their_own()
    {
        var model = new TestModel(("X", "Single"), ("Y", "Single")).Step(Copies)
            .Step(("", new TestComponent("ChooseColumnsTransform", 0x00010001).Int(sizeof(float)).Byte(1).Int(1).String("A").String("A").Byte(1)));

        Assert.That(Outputs(model), Is.EqualTo(new[] { "A" }));
    }

    [Test]
    public void Slots_are_dropped_in_ranges()
    {
        var model = new TestModel(("X", "VBuffer 5 Single"))
            .Step(("", new TestComponent("DropSlotsTransform", 0x00010001).Pairs(("Y", "X")).Ints(0, 3).Int(1).Int(int.MaxValue - 1)));

        Assert.That(StepTrial.Floats(Score(model, 1, 2, 3, 4, 5), "Y"), Is.EqualTo(new float[] { 3 }));
    }

    [Test]
    public void A_vector_of_which_nothing_is_left_is_one_zero()
    {
        var model = new TestModel(("X", "VBuffer 2 Single"))
            .Step(("", new TestComponent("DropSlotsTransform", 0x00010001).Pairs(("Y", "X")).Ints(0).Int(9)));

        Assert.That(StepTrial.Floats(Score(model, 1, 2), "Y"), Is.EqualTo(new float[] { 0 }));
    }

    [Test]
    public void Ranges_that_overlap_are_refused()
    {
        var model = new TestModel(("X", "VBuffer 5 Single"))
            .Step(("", new TestComponent("DropSlotsTransform", 0x00010001).Pairs(("Y", "X")).Ints(0, 1).Int(1).Int(2)));

        Assert.That(() => CompiledModel.Load(model.ToFile()), Throws.TypeOf<BatchScorerException>().With.Message.Contains("are not in order"));
    }

    private static (string, TestComponent) Copies => ("", new TestComponent("CopyTransform", 0x00010001).Pairs(("A", "X"), ("B", "Y")));

    private static IEnumerable<string> Outputs(TestModel model)
    {
        using var compiled = CompiledModel.Load(model.ToFile());
        return [.. compiled.Schema.Outputs.Select(column => column.Name)];
    }

    /// <summary>Scores one row, whose values are spread over the inputs.</summary>
    private static Batch Score(TestModel model, params float[] values) => StepTrial.Score(model, batch =>
    {
        var at = 0;
        foreach (var column in batch.Columns.Cast<Column<float>>())
        {
            for (var i = 0; i < column.Type.Width; i++)
                column.Values[i] = values[at++];
        }

        batch.RowCount = 1;
    });
}

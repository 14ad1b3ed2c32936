using BatchScorer.Batches;
using BatchScorer.Errors;
using BatchScorer.Models;
using BatchScorer.Models.Compiled;

namespace BatchScorer.Tests.Models.Compiled;

/// <summary>Models that were saved with their data loader instead of a schema, as in files of old versions.</summary>
internal sealed class LoaderSchemaTests
{
    private const byte Single = 9;
    private const byte Text = 11;
    private const byte UInt32 = 6;

    [Test]
    public void The_columns_are_those_of_the_text_loader([Values("Loader", "Reader")] string folder)
    {
        var model = TestModel.LoadedBy(folder, Loader(0x0001000E).Byte((byte)'"').Byte((byte)'.').Int(4)
            .String("X").Byte(Single).Byte(0).Int(1).Int(0).Int(1).Byte(0)
            .String("One").Byte(Single).Byte(0).Int(1).Int(1).Int(2).Byte(1)
            .String("Several").Byte(Text).Byte(0).Int(2).Int(2).Int(4).Byte(0).Int(6).Int(7).Byte(0)
            .String("Id").Byte(UInt32).Byte(1).Int(100).Int(0).Int(1).Int(8).Int(9).Byte(0));

        Assert.That(Inputs(model, "X", "One", "Several", "Id"), Is.EqualTo(new[]
        {
            new ModelColumn("X", new ColumnType(ValueKind.Single)), new ModelColumn("One", new ColumnType(ValueKind.Single, 1)),
            new ModelColumn("Several", new ColumnType(ValueKind.Text, 3)), new ModelColumn("Id", new ColumnType(ValueKind.Key)),
        }));
    }

    [Test]
    public void A_loader_of_the_first_layout_knows_no_vectors_of_one_and_has_other_keys()
    {
        var model = TestModel.LoadedBy("Reader", Loader(0x00010009).Int(2)
            .String("X").Byte(Single).Byte(0).Int(1).Int(0).Int(3)
            .String("Id").Byte(UInt32).Byte(1).Byte(1).Int(0).Int(0).Int(7).Int(1).Int(8).Int(9));

        Assert.That(Inputs(model, "X", "Id"), Is.EqualTo(new[] { new ModelColumn("X", new ColumnType(ValueKind.Single, 3)), new ModelColumn("Id", new ColumnType(ValueKind.Key)) }));
    }

    [Test]
    public void A_column_as_long_as_the_line_is_only_an_error_when_it_is_read()
    {
        var model = TestModel.LoadedBy("Loader", Loader(0x0001000C).Int(2)
            .String("X").Byte(Single).Byte(0).Int(1).Int(0).Int(1).Byte(0)
            .String("Rest").Byte(Single).Byte(0).Int(1).Int(1).Int(int.MaxValue).Byte(0));

        Assert.That(Inputs(model, "X").Select(input => input.Name), Is.EqualTo(new[] { "X" }));
        Assert.That(() => Inputs(model, "Rest"), Throws.TypeOf<BatchScorerException>().With.Message.Contains("a column of type vector of Single without a length"));
    }

    [Test]
    public void Another_loader_is_named() => Assert.That(
        () => Inputs(TestModel.LoadedBy("Loader", new TestComponent("SvmLightLoader", 0x00010001)), "X"),
        Throws.TypeOf<BatchScorerException>().With.Message.Contains("it does not know SvmLightLoader (Loader/Model.key)"));

    [Test]
    public void A_model_with_neither_schema_nor_loader_is_refused_with_a_remedy()
    {
        var file = GoldenCase.Of("churn").First().ReadModel();
        var without = TestZip.Of(TestZip.Entries(file.Bytes.ToArray()).Where(entry => entry.Name != "Schema"));

        Assert.That(() => CompiledModel.Load(ModelFile.FromBytes("bare.zip", without)), Throws.TypeOf<BatchScorerException>().With.Message.Contains("has no input schema; save the model again"));
    }

    /// <summary>What comes before the columns: float size, most rows, flags, input size, one separator.</summary>
    private static TestComponent Loader(uint version) =>
        new TestComponent("TextLoader", version).Int(4).Int(-1).Int(int.MaxValue).Int(0).Int(0).Int(1).Byte((byte)',').Byte(0);

    private static IReadOnlyList<ModelColumn> Inputs(TestModel model, params string[] read)
    {
        model.Step(("", new TestComponent("CopyTransform", 0x00010001).Pairs([.. read.Select(name => ($"{name} copied", name))])));
        using var compiled = CompiledModel.Load(model.ToFile());
        return compiled.Schema.Inputs;
    }
}

using BatchScorer.Batches;
using BatchScorer.Errors;
using BatchScorer.Models;
using BatchScorer.Tests.Exchange;

namespace BatchScorer.Tests.Models.MLNet;

/// <summary>Models that FastTree makes of a file: by what is to be answered, from every kind of input.</summary>
internal sealed class FastTreeTrainingTests
{
    private static readonly TrainingColumn[] Inputs =
    [
        new(1, "Age", ValueKind.Single), new(2, "Seats", ValueKind.Int32), new(3, "Plan", ValueKind.Text), new(4, "Paid", ValueKind.Boolean), new(5, "Usage", ValueKind.Double),
    ];

    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeFolder()
    {
        FastTreeLibrary.Require();
        folder = new TemporaryFolder();
        // Who is older than 40 on plan "b" leaves; ages and plans are missing now and then, and a plan has a comma and a line end in it.
        folder.Write("data.csv",
        [
            "id,Age,Seats,Plan,Paid,Usage,label,amount,class",
            .. Enumerable.Range(0, 400).Select(i =>
            {
                var (age, plan) = (20 + i * 7 % 50, i % 3);
                var leaves = age > 40 && plan == 1;
                return string.Join(',', i, i % 11 == 0 ? "NaN" : age, i % 5, plan switch { 0 => "a", 1 => "b", _ => i % 2 == 0 ? "" : "\"c, \"\"or\"\"\nd\"" },
                    i % 2 == 0 ? "true" : "false", i % 13 == 0 ? "NaN" : i * 0.25, leaves ? 1 : 0, leaves ? age * 2 : 10, leaves ? "gone" : plan == 0 ? "here" : "somewhere");
            }),
        ]);
    }

    [TearDown]
    public void RemoveFolder() => folder?.Dispose();

    [TestCase(TrainingTarget.Binary, 6, "label", ValueKind.Boolean, "PredictedLabel, Score, Probability")]
    [TestCase(TrainingTarget.Regression, 7, "amount", ValueKind.Single, "Score")]
    [TestCase(TrainingTarget.Multiclass, 8, "class", ValueKind.Text, "Score, PredictedLabel")]
    public async Task A_model_answers_what_it_was_trained_for_alike_in_both_engines(TrainingTarget target, int index, string label, ValueKind kind, string outputs)
    {
        await MLNetTraining.TrainFastTreeAsync(folder["data.csv"], Inputs, new TrainingColumn(index, label, kind), target, folder["model.zip"], default);

        using var compiled = ModelLoader.Load(ModelFile.Read(folder["model.zip"]), EngineChoice.Compiled);
        using var both = ModelLoader.Load(ModelFile.Read(folder["model.zip"]), EngineChoice.Auto);
        Assert.That(compiled.Schema.Inputs, Is.EqualTo(Inputs.Select(input => new ModelColumn(input.Name, new ColumnType(input.Kind)))));
        Assert.That(compiled.Schema.Outputs.Select(output => output.Name), Is.EquivalentTo(outputs.Split(", ")));
        var (leaver, stayer) = (Score(both, 60, "b"), Score(both, 30, "a"));
        Assert.That(Score(compiled, 60, "b"), Is.EqualTo(leaver));
        switch (target)
        {
            case TrainingTarget.Binary:
                Assert.That((leaver["Probability"], stayer["Probability"]), Is.EqualTo((1f, 0f)).Within(0.3));
                break;
            case TrainingTarget.Regression:
                Assert.That((leaver["Score"], stayer["Score"]), Is.EqualTo((120f, 10f)).Within(15));
                break;
            default:
                Assert.That((leaver["PredictedLabel"], stayer["PredictedLabel"]), Is.EqualTo(("gone", "here")));
                break;
        }
    }

    [Test]
    public async Task The_same_data_give_the_same_model()
    {
        foreach (var name in new[] { "one.zip", "other.zip" })
            await MLNetTraining.TrainFastTreeAsync(folder["data.csv"], Inputs, new TrainingColumn(6, "label", ValueKind.Boolean), TrainingTarget.Binary, folder[name], default);

        using var one = ModelLoader.Load(ModelFile.Read(folder["one.zip"]), EngineChoice.Compiled);
        using var other = ModelLoader.Load(ModelFile.Read(folder["other.zip"]), EngineChoice.Compiled);
        Assert.That(Score(one, 45, "b"), Is.EqualTo(Score(other, 45, "b")));
    }

    [Test]
    public async Task Data_that_FastTree_refuses_are_a_fault_in_one_line()
    {
        folder.Write("data.csv", "id,Age,Seats,Plan,Paid,Usage,label");

        var fault = await Assert.ThrowsAsync<BatchScorerException>(() =>
            MLNetTraining.TrainFastTreeAsync(folder["data.csv"], Inputs, new TrainingColumn(6, "label", ValueKind.Boolean), TrainingTarget.Binary, folder["model.zip"], default));

        Assert.That(fault!.Message, Does.Match(@"^FastTree cannot train on the data set: [^\n]+\.$"));
    }

    private static Dictionary<string, object> Score(IModel model, float age, string plan)
    {
        var inputs = model.Schema.CreateInputs(1);
        ((Column<float>)inputs["Age"]).Values[0] = age;
        ((Column<int>)inputs["Seats"]).Values[0] = 2;
        ((TextColumn)inputs["Plan"]).Append(plan);
        ((Column<double>)inputs["Usage"]).Values[0] = 20;
        inputs.RowCount = 1;
        var outputs = model.Schema.CreateOutputs(1);
        var faults = new List<RowFault>();
        model.Score(inputs, outputs, faults);
        Assert.That(faults, Is.Empty);
        return outputs.Columns.Where(column => !column.Type.IsVector).ToDictionary(column => column.Name, column => column.ValueAt(0));
    }
}

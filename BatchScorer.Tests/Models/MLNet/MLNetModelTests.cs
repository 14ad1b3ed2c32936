using System.Text;
using BatchScorer.Batches;
using BatchScorer.Errors;
using BatchScorer.Models;

namespace BatchScorer.Tests.Models.MLNet;

/// <summary>
/// ML.NET inside the program answers what it answered when the golden cases were made. A build without it says that these are skipped.
/// </summary>
internal sealed class MLNetModelTests
{
    private static readonly string[] AwkwardSeats = ["3", "many", "4", "99999999999", ""];

    private static string SeatsAsText => Path.Combine(TestContext.CurrentContext.TestDirectory, "Models", "MLNet", "seats_as_text.zip");

    [SetUp]
    public void SkipWithoutTheEngine()
    {
        if (!MLNetEngine.IsBuiltIn)
            Assert.Ignore("This build lacks the MLNet engine: its package feed had no Microsoft.ML, or the property MLNet was false.");
    }

    [TestCaseSource(typeof(GoldenCase), nameof(GoldenCase.All))]
    public void Answers_are_those_of_the_golden_case(GoldenCase golden)
    {
        using var model = MLNetEngine.Load(golden.ReadModel(), golden.Outputs);
        var inputs = golden.ReadInputs(model.Schema);
        var outputs = model.Schema.CreateOutputs(inputs.Capacity);
        var faults = new List<RowFault>();

        model.Score(inputs, outputs, faults);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(faults, Is.Empty);
            Assert.That(model.Schema.Inputs.Select(column => column.Name), Is.SubsetOf(golden.Inputs));
            Assert.That(BatchComparison.Differences(outputs, golden.ReadExpected(model.Schema), golden.Tolerance), Is.Empty);
        }
    }

    /// <summary>With both engines in the build, <c>auto</c> lets the second one check the first.</summary>
    [TestCaseSource(typeof(GoldenCase), nameof(GoldenCase.All))]
    public void Whichever_engine_scores_the_model_has_the_same_inputs_outputs_and_answers(GoldenCase golden)
    {
        using var alone = MLNetEngine.Load(golden.ReadModel());
        using var model = ModelLoader.Load(golden.ReadModel(), EngineChoice.Auto);
        var inputs = golden.ReadInputs(model.Schema);
        var outputs = model.Schema.CreateOutputs(inputs.Capacity);

        model.Score(inputs, outputs, new List<RowFault>());

        using (Assert.EnterMultipleScope())
        {
            Assert.That(model.Schema.Inputs, Is.EqualTo(alone.Schema.Inputs));
            Assert.That(model.Schema.Outputs, Is.EqualTo(alone.Schema.Outputs));
            Assert.That(BatchComparison.Differences(outputs, golden.ReadExpected(model.Schema), golden.Tolerance), Is.Empty);
        }
    }

    [TestCase("churn", "PredictedLabel Boolean, Score Single, Probability Single")]
    [TestCase("fastforest_binary_calibrated", "PredictedLabel Boolean, Score Single, Probability Single")]
    [TestCase("one_hot_hash", "PredictedLabel Boolean, Score Single, Probability Single")]
    [TestCase("kmeans", "PredictedLabel Key, Score Vector of 3 Single")]
    [TestCase("ova_fasttree", "PredictedLabel Text, Score Vector of 4 Single, PredictedLabelText Text")]
    public void Outputs_are_by_default_what_the_predictor_and_the_steps_behind_it_add(string name, string expected)
    {
        using var model = MLNetEngine.Load(GoldenCase.Of(name).First().ReadModel());

        Assert.That(string.Join(", ", model.Schema.Outputs.Select(column => $"{column.Name} {column.Type}")), Is.EqualTo(expected));
    }

    [Test]
    public void A_label_that_only_a_training_step_reads_is_no_input()
    {
        using var model = MLNetEngine.Load(GoldenCase.Of("maximum_entropy").First().ReadModel());

        Assert.That(model.Schema.Inputs.Select(column => column.Name), Is.EqualTo(new[] { "Vibration", "Current", "Pressure", "Temperature" }));
    }

    [Test]
    public void Only_what_the_outputs_asked_for_depend_on_is_an_input()
    {
        using var model = MLNetEngine.Load(GoldenCase.Of("missing_values").First().ReadModel(), ["PowerDefault"]);

        Assert.That(model.Schema.Inputs.Select(column => column.Name), Is.EqualTo(new[] { "Power" }));
    }

    [Test]
    public void An_output_that_is_not_there_is_refused_with_a_suggestion()
    {
        var fault = Assert.Throws<BatchScorerException>(() => MLNetEngine.Load(GoldenCase.Of("churn").First().ReadModel(), ["probabilty"]));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(fault.Message, Does.Contain("has no output \"probabilty\", did you mean \"Probability\"?"));
            Assert.That(fault.ExitCode, Is.EqualTo(ExitCode.BadConfiguration));
        }
    }

    /// <summary>
    /// The model converts the text column <c>Number of seats, as text</c> to Int32, which ML.NET does by throwing where it cannot;
    /// its schema also has a date that no step reads.
    /// </summary>
    [Test]
    public void A_row_that_ML_NET_throws_on_is_a_fault_and_the_others_are_scored()
    {
        using var model = MLNetEngine.Load(ModelFile.Read(SeatsAsText));
        var outputs = model.Schema.CreateOutputs(AwkwardSeats.Length);
        var faults = new List<RowFault>();

        model.Score(Seats(model, AwkwardSeats), outputs, faults);

        var alone = model.Schema.CreateOutputs(3);
        model.Score(Seats(model, "3", "4", ""), alone, faults);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(faults.Select(fault => fault.Row), Is.EqualTo(new[] { 1, 3 }));
            Assert.That(faults[0].Reason, Is.EqualTo("ML.NET cannot score the row: Value could not be parsed from text to int."));
            Assert.That(outputs.RowCount, Is.EqualTo(AwkwardSeats.Length));
            Assert.That(new[] { 0, 2, 4 }.Select(row => Score(outputs, row)), Is.EqualTo(new[] { 0, 1, 2 }.Select(row => Score(alone, row))));
        }
    }

    [Test]
    public void A_row_without_an_answer_keeps_the_place_of_its_text()
    {
        using var model = MLNetEngine.Load(ModelFile.Read(SeatsAsText), ["Number of seats, as text", "Score"]);
        var outputs = model.Schema.CreateOutputs(AwkwardSeats.Length);

        model.Score(Seats(model, AwkwardSeats), outputs, new List<RowFault>());

        var texts = (TextColumn)outputs["Number of seats, as text"];
        Assert.That(Enumerable.Range(0, AwkwardSeats.Length).Select(texts.Text), Is.EqualTo(new[] { "3", "", "4", "", "" }));
    }

    [Test]
    public void Batches_are_reused_and_what_they_held_is_forgotten()
    {
        var golden = GoldenCase.Of("lightgbm_multiclass").First();
        using var model = MLNetEngine.Load(golden.ReadModel(), golden.Outputs);
        var inputs = golden.ReadInputs(model.Schema);
        var outputs = model.Schema.CreateOutputs(inputs.Capacity);

        for (var round = 0; round < 3; round++)
            model.Score(inputs, outputs, new List<RowFault>());

        Assert.That(BatchComparison.Differences(outputs, golden.ReadExpected(model.Schema)), Is.Empty);
    }

    [Test]
    public void Partitions_share_a_model()
    {
        var golden = GoldenCase.Of("lightgbm_multiclass").First();
        using var model = MLNetEngine.Load(golden.ReadModel(), golden.Outputs);
        var expected = golden.ReadExpected(model.Schema);
        Batch[] inputs = [.. Enumerable.Range(0, 8).Select(_ => golden.ReadInputs(model.Schema))];
        Batch[] outputs = [.. inputs.Select(batch => model.Schema.CreateOutputs(batch.Capacity))];

        Parallel.For(0, inputs.Length, new ParallelOptions { MaxDegreeOfParallelism = inputs.Length }, i => model.Score(inputs[i], outputs[i], new List<RowFault>()));

        Assert.That(outputs.SelectMany(batch => BatchComparison.Differences(batch, expected)), Is.Empty);
    }

    [TestCase("TransformerChain/Transform_002/Model.key", 0, "one of its parts is corrupt")]
    [TestCase("TransformerChain/Transform_002/Model.key", 100, "one of its parts is corrupt")]
    [TestCase("TransformerChain/Transform_004/Model/Predictor/Model.key", 300, "one of its parts is corrupt")]
    [TestCase("Schema", 100, "expected header size of 256")]
    public void A_model_with_a_part_cut_short_is_refused_in_one_line(string entry, int length, string reason)
    {
        var bytes = Edit("churn", (name, content) => name == entry ? content[..length] : content);

        AssertRefused(bytes, reason);
    }

    [Test]
    public void A_step_from_a_package_that_is_not_there_is_named()
    {
        var assembly = Encoding.Unicode.GetBytes("Microsoft.ML.Data");
        var bytes = Edit("churn", (name, content) =>
        {
            if (name == "TransformerChain/Transform_002/Model.key")
                Encoding.Unicode.GetBytes("Acquired.ML.Steps").CopyTo(content, content.AsSpan().LastIndexOf(assembly));
            return content;
        });

        AssertRefused(bytes, "it has a step from the package of Acquired.ML.Steps, which this build lacks");
    }

    [Test]
    public void A_zip_that_is_no_model_is_refused_in_one_line()
    {
        var bytes = Edit("churn", (name, content) => name == "TrainingInfo/Version.txt" ? content : null);

        AssertRefused(bytes, "ML.NET cannot use it");
    }

    private static void AssertRefused(byte[] model, string reason)
    {
        var fault = Assert.Throws<BatchScorerException>(() => MLNetEngine.Load(ModelFile.FromBytes("bad.zip", model)));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(fault.Message, Does.StartWith("model file bad.zip: ").And.Contain(reason).And.Not.Contain("\n"));
            Assert.That(fault.ExitCode, Is.EqualTo(ExitCode.BadConfiguration));
        }
    }

    /// <summary>Writes a golden model anew, with entries changed, or left out where the edit gives null.</summary>
    private static byte[] Edit(string golden, Func<string, byte[], byte[]?> edit)
    {
        var entries = TestZip.Entries(GoldenCase.Of(golden).First().ReadModel().Bytes.ToArray());
        return TestZip.Of(entries
            .Select(entry => (entry.Name, Content: edit(entry.Name, entry.Content)))
            .Where(entry => entry.Content is not null)
            .Select(entry => (entry.Name, entry.Content!)));
    }

    private static Batch Seats(IModel model, params string[] seats)
    {
        var inputs = model.Schema.CreateInputs(seats.Length);
        foreach (var text in seats)
            ((TextColumn)inputs["Number of seats, as text"]).Append(text);
        ((Column<float>)inputs["Weight"]).Values.AsSpan().Fill(0.5f);
        inputs.RowCount = seats.Length;
        return inputs;
    }

    private static float Score(Batch outputs, int row) => ((Column<float>)outputs["Score"]).Values[row];
}

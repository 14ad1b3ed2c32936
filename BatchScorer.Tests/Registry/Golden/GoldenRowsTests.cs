using BatchScorer.Errors;
using BatchScorer.Exchange.Scoring;
using BatchScorer.Models;
using BatchScorer.Registry.Golden;
using BatchScorer.Tests.Exchange;

namespace BatchScorer.Tests.Registry.Golden;

internal sealed class GoldenRowsTests
{
    private static readonly Dictionary<string, string> ByName = [];

    private TemporaryFolder folder = null!;

    [SetUp]
    public void CreateFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [TestCase("churn")]
    [TestCase("lightgbm_multiclass")]
    [TestCase("naive_bayes")]
    [TestCase("type_conversion")]
    [TestCase("sdca_regression")]
    [TestCase("normalizers")]
    public async Task Golden_rows_are_scored_alike_again_after_they_have_been_kept(string golden)
    {
        using var model = Load(golden);
        var (rows, expected) = await GoldenFile.ScoreAsync(Path.Combine(Folder(golden), "input.csv"), model, ByName, default);

        Assert.That(rows.Rows, Is.EqualTo(File.ReadLines(Path.Combine(Folder(golden), "input.csv")).Count() - 1).Within(20), "a few have line breaks in them");
        Assert.That(expected, Is.Empty);
        Assert.That(GoldenRows.Parse(rows.ToJson()).FindDifference(model), Is.Null);
    }

    [Test]
    public async Task A_vector_is_kept_value_by_value()
    {
        using var model = Load("vector_input");
        folder.Write("golden.csv", "Features", "\"{1,2.5,-3,NaN,5,6,7,-0}\"", "\"{0.1,0,0,0,0,0,0,1e-9}\"");

        var (rows, _) = await GoldenFile.ScoreAsync(folder["golden.csv"], model, ByName, default);

        Assert.That(rows.Inputs.Single().Values, Is.EqualTo(new[] { "1", "2.5", "-3", "NaN", "5", "6", "7", "-0", "0.1", "0", "0", "0", "0", "0", "0", "1E-09" }));
        Assert.That(GoldenRows.Parse(rows.ToJson()).FindDifference(model), Is.Null);
    }

    [Test]
    public async Task Answers_that_the_file_has_are_held_against_the_models_to_the_bit()
    {
        using var model = Load("churn");
        var (inputs, answers) = (Lines("input.csv"), Lines("expected.csv"));
        folder.Write("right.csv", [.. inputs.Zip(answers, (input, answer) => $"{input},{answer}").Take(4)]);
        folder.Write("wrong.csv", [.. inputs.Zip(answers, (input, answer) => $"{input},{answer.Replace("0.24659815", "0.24659817", StringComparison.Ordinal)}").Take(4)]);

        var (rows, expected) = await GoldenFile.ScoreAsync(folder["right.csv"], model, ByName, default);
        Assert.That((rows.Rows, expected), Is.EqualTo((3, new[] { "PredictedLabel", "Score", "Probability" })));
        await Assert.ThatAsync(() => GoldenFile.ScoreAsync(folder["wrong.csv"], model, ByName, default), Throws.TypeOf<BatchScorerException>()
            .With.Message.StartsWith($"{folder["wrong.csv"]}:3: column \"Probability\": the model answers 0.24659815, and the file expects 0.24659817"));
    }

    [Test]
    public async Task A_sum_of_floats_may_differ_in_its_last_places_and_no_more()
    {
        using var model = Load("sdca_regression");
        var lines = Lines("input.csv", "sdca_regression");
        var score = float.Parse(Lines("expected.csv", "sdca_regression")[1].Split(',')[^1]);
        folder.Write("near.csv", $"{lines[0]},Score", $"{lines[1]},{MathF.BitIncrement(score):R}");
        folder.Write("far.csv", $"{lines[0]},Score", $"{lines[1]},{score * 1.00001f:R}");

        Assert.That((await GoldenFile.ScoreAsync(folder["near.csv"], model, ByName, default)).Expected, Is.EqualTo(new[] { "Score" }));
        await Assert.ThatAsync(() => GoldenFile.ScoreAsync(folder["far.csv"], model, ByName, default), Throws.TypeOf<BatchScorerException>().With.Message.Contains(":2: column \"Score\""));
    }

    [Test]
    public async Task Every_row_that_does_not_fit_is_told_with_its_line()
    {
        using var model = Load("churn");
        var lines = Lines("input.csv");
        folder.Write("golden.csv", lines[0], lines[1], $"often{lines[2][lines[2].IndexOf(',', StringComparison.Ordinal)..]}", lines[1][..lines[1].LastIndexOf(',')] + ",perhaps");
        folder.Write("empty.csv", lines[0]);
        folder.Write("long.csv", [lines[0], .. Enumerable.Repeat(lines[1], GoldenRows.MostRows + 1)]);

        Assert.That((await Assert.ThrowsAsync<BatchScorerException>(() => GoldenFile.ScoreAsync(folder["golden.csv"], model, ByName, default)))!.Message.Split('\n'), Is.EqualTo(new[]
        {
            $"{folder["golden.csv"]}:3: column \"TenureMonths\": \"often\" is not a number",
            $"{folder["golden.csv"]}:4: column \"MobileApp\": \"perhaps\" is neither true nor false (t and f, 1 and 0)",
        }));
        await Assert.ThatAsync(() => GoldenFile.ScoreAsync(folder["empty.csv"], model, ByName, default), Throws.TypeOf<BatchScorerException>().With.Message.Contains("there are no rows below the header"));
        await Assert.ThatAsync(() => GoldenFile.ScoreAsync(folder["long.csv"], model, ByName, default), Throws.TypeOf<BatchScorerException>().With.Message.Contains("there are more than 1,024 rows"));
    }

    [Test]
    public async Task A_model_that_answers_otherwise_is_told_with_row_and_column()
    {
        using var model = Load("churn");
        using var other = ModelLoader.Load(ModelFile.Read(Path.Combine(Folder("churn"), "model-v2.zip")), EngineChoice.Auto);
        using var unlike = Load("sdca_regression");
        var (rows, _) = await GoldenFile.ScoreAsync(Path.Combine(Folder("churn"), "input.csv"), model, ByName, default);

        Assert.That(rows.FindDifference(other), Is.EqualTo("golden row 1, column \"Score\": the model answers -10.781609, and -15.20008 is recorded"));
        Assert.That(rows.FindDifference(unlike), Does.StartWith("the model was registered with the inputs TenureMonths (Single), "));
    }

    private static string Folder(string golden) => Path.Combine(TestContext.CurrentContext.TestDirectory, "Golden", golden);

    private static IModel Load(string golden) => ModelLoader.Load(ModelFile.Read(Path.Combine(Folder(golden), "model.zip")), EngineChoice.Auto);

    private static string[] Lines(string file, string golden = "churn") => File.ReadAllLines(Path.Combine(Folder(golden), file));
}

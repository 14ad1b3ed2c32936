using BatchScorer.Errors;
using BatchScorer.Exchange;
using BatchScorer.Exchange.Scoring;
using BatchScorer.Models;
using BatchScorer.Profiles;

namespace BatchScorer.Tests.Exchange;

internal sealed class ReferenceProfilerTests
{
    private static readonly string[] Lines = [.. File.ReadLines(Repository.PathTo("jobs/samples/customers.csv")).Take(101)];

    private readonly IModel model = ModelLoader.Load(ModelFile.Read(Repository.PathTo("jobs/samples/churn.zip")), EngineChoice.Auto);
    private readonly TemporaryFolder folder = new();

    [OneTimeTearDown]
    public void Remove()
    {
        model.Dispose();
        folder.Dispose();
    }

    [Test]
    public async Task A_file_is_profiled_as_the_model_reads_and_answers_it()
    {
        var data = await ProfileAsync([.. Lines.Take(5), Without(Lines[5], "auto_pay"), .. Lines.Skip(6)]);

        Assert.That((data.Rows, data.Rejected), Is.EqualTo((99, 1)));
        Assert.That(data.Profile.Columns.Select(column => column.Rows), Is.All.EqualTo(99));
        Assert.That(
            data.Profile.Columns.OfType<NumberProfile>().Single(column => column is { Side: ProfileSide.Input, Name: "TenureMonths" }).Mean,
            Is.EqualTo(Lines.Skip(1).Where((_, i) => i != 4).Average(line => double.Parse(line.Split(',')[Place("tenure_months")]))).Within(1e-12));
        Assert.That(data.Profile.Columns.Where(column => column.Side is ProfileSide.Output).Select(column => column.Name), Is.SupersetOf(new[] { "Score", "Probability", "PredictedLabel" }));
    }

    [Test]
    public async Task A_file_that_has_the_models_answers_as_well_is_profiled_by_its_own()
    {
        var plain = await ProfileAsync(Lines);
        var answered = await ProfileAsync([$"{Lines[0]},score", .. Lines.Skip(1).Select(line => $"{line},1000")]);

        Assert.That(ProfileFormat.Write(answered.Profile), Is.EqualTo(ProfileFormat.Write(plain.Profile)));
    }

    [Test]
    public async Task A_file_of_which_no_row_can_be_scored_is_refused_with_the_first_reason()
    {
        await Assert.ThatAsync(() => ProfileAsync([Lines[0], .. Lines.Skip(1).Select(line => Without(line, "auto_pay"))]), Throws.TypeOf<BatchScorerException>()
            .With.Message.Match(@"reference\.csv:2: column ""auto_pay"": .*; none of the 100 rows can be scored$"));
        await Assert.ThatAsync(() => ProfileAsync(Lines[..1]), Throws.TypeOf<BatchScorerException>().With.Message.EndsWith("there are no rows; expected those that the model was made with"));
    }

    private static int Place(string column) => Array.IndexOf(Lines[0].Split(','), column);

    private static string Without(string line, string column) => string.Join(',', line.Split(',').Select((field, i) => i == Place(column) ? "" : field));

    private Task<BatchScorer.Registry.References.ReferenceData> ProfileAsync(string[] lines)
    {
        folder.Write("reference.csv", lines);
        return new ReferenceProfiler(model, new Dictionary<string, string>()).ProfileFileAsync(folder["reference.csv"], new Progress<TransferProgress>(), default);
    }
}

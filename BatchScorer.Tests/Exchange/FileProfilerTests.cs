using BatchScorer.Exchange.Csv;
using BatchScorer.Exchange.Scoring;
using BatchScorer.Models;
using BatchScorer.Profiles;

namespace BatchScorer.Tests.Exchange;

internal sealed class FileProfilerTests
{
    [Test]
    public async Task A_file_is_profiled_as_the_model_reads_and_answers_it()
    {
        using var model = ModelLoader.Load(ModelFile.Read(Repository.PathTo("jobs/samples/churn.zip")), EngineChoice.Auto);
        using var folder = new TemporaryFolder();
        var lines = File.ReadAllLines(Repository.PathTo("jobs/samples/customers.csv")).Take(101).ToArray();
        var autoPay = Array.IndexOf(lines[0].Split(','), "auto_pay");
        lines[5] = string.Join(',', lines[5].Split(',').Select((field, i) => i == autoPay ? "" : field));
        folder.Write("customers.csv", lines);
        using var input = await CsvInput.OpenAsync(folder["customers.csv"], () => Stream.Null, default);
        var (profile, rejected) = await FileProfiler.ProfileAsync(input, model, FileLayout.Bind(input, model.Schema, new Dictionary<string, string>(), []), default);

        Assert.That(rejected, Is.EqualTo(1));
        Assert.That(profile.Columns.Select(column => column.Rows), Is.All.EqualTo(99));
        var tenure = Array.IndexOf(lines[0].Split(','), "tenure_months");
        Assert.That(
            profile.Columns.OfType<NumberProfile>().Single(column => column is { Side: ProfileSide.Input, Name: "TenureMonths" }).Mean,
            Is.EqualTo(lines.Skip(1).Where((_, i) => i != 4).Average(line => double.Parse(line.Split(',')[tenure]))).Within(1e-12));
        Assert.That(profile.Columns.Where(column => column.Side is ProfileSide.Output).Select(column => column.Name), Is.SupersetOf(new[] { "Score", "Probability", "PredictedLabel" }));
    }
}

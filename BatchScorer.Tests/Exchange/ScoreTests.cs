using System.Text;
using BatchScorer.Cli.Hosting;
using BatchScorer.Errors;
using BatchScorer.Tests.Cli;
using BatchScorer.Tests.Runs;

namespace BatchScorer.Tests.Exchange;

internal sealed class ScoreTests
{
    private static readonly string Customers = Repository.PathTo("jobs/samples/customers.csv");

    private static readonly string[] Sample = [.. File.ReadLines(Customers).Take(6)];

    private TemporaryFolder folder = null!;

    [SetUp]
    public void CreateFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public async Task A_file_is_scored_as_ml_net_scores_it()
    {
        var answer = await ScoreAsync("--in", Customers, "--out", folder["scores.csv"], "--columns", "customer_id,score");

        Assert.That(answer.ExitCode, Is.EqualTo(ExitCode.Done), answer.Progress);
        Assert.That(answer.Results, Does.StartWith("20,000 rows read, 20,000 scored, 0 rejected in "));
        var scores = folder.Read("scores.csv").Skip(1).Select(line => line.Split(',')).Select(row => (long.Parse(row[0]), float.Parse(row[1])));
        Assert.That(scores, Is.EqualTo(CustomersTable.ExpectedScores(20_000)));
    }

    [TestCase("type_conversion")]
    [TestCase("vector_input", "Features")]
    public async Task Values_of_every_type_are_read_as_ml_net_reads_them(string model, string? vector = null)
    {
        var golden = Repository.PathTo($"BatchScorer.Tests/Golden/{model}");
        var input = File.ReadAllLines(Path.Combine(golden, "input.csv"));
        if (vector is not null)
            input = [vector, .. input.Skip(1).Select(line => $"\"{{{line.Replace(",,", ",NULL,", StringComparison.Ordinal)}}}\"")];
        folder.Write("input.csv", input);
        var expected = File.ReadAllLines(Path.Combine(golden, "expected.csv")).Select(line => line.Split(',')).ToList();
        var score = Array.IndexOf(expected[0], "Score");

        var answer = await Invocation.RunAsync("score", Path.Combine(golden, "model.zip"), "--in", folder["input.csv"], "--out", folder["output.csv"], "--columns", "score", "--rejected-share", "1");

        Assert.That(answer.ExitCode, Is.EqualTo(ExitCode.Done), answer.Progress);
        // To ML.NET, NaN is a score like any other.
        Assert.That(folder.Read("output.csv").Skip(1).Select(float.Parse), Is.EqualTo(expected.Skip(1).Select(row => float.Parse(row[score])).Where(value => !float.IsNaN(value))));
    }

    [Test]
    public async Task The_files_own_columns_come_first_and_as_they_are()
    {
        folder.Write("input.csv", $"note,=sum,{Sample[0]}", $"\"a, \"\"b\"\"\nc\",-1+1,{Sample[1]}", $"\"\",,{Sample[2]}");

        await ScoreAsync("--in", folder["input.csv"], "--out", folder["output.csv"]);

        Assert.That(folder.Read("output.csv"), Is.EqualTo(new[]
        {
            $"note,=sum,{Sample[0]},predicted_label,score,probability",
            $"\"a, \"\"b\"\"\nc\",-1+1,{Sample[1]},false,-15.9469185,0.07232531",
            $"\"\",,{Sample[2]},true,10.794025,0.84903395",
        }));
    }

    [Test]
    public async Task Standard_input_goes_to_standard_output_and_nothing_else_does()
    {
        using var input = new MemoryStream(Encoding.UTF8.GetBytes("\uFEFF" + string.Join("\r\n", Sample[..3])));
        using var output = new MemoryStream();

        var answer = await Invocation.RunAsync(
            new Dictionary<string, string>(), new StopRequest(), input, output, "score", "jobs/samples/churn.zip", "--in", "-", "--out", "-", "--columns", "customer_id,probability");

        Assert.That(TemporaryFolder.Lines(output.ToArray()), Is.EqualTo(new[] { "customer_id,probability", "100001,0.07232531", "100002,0.84903395" }));
        Assert.That((answer.ExitCode, answer.Results), Is.EqualTo((ExitCode.Done, "")));
        Assert.That(answer.Progress, Does.StartWith("2 rows read, 2 scored, 0 rejected in "));
    }

    [Test]
    public async Task An_input_can_be_taken_from_a_column_of_any_name()
    {
        folder.Write("input.csv", Sample[0].Replace("tenure_months", "since", StringComparison.Ordinal), Sample[1]);

        var answer = await ScoreAsync("--in", folder["input.csv"], "--out", folder["output.csv"], "--input", "TenureMonths=since", "--columns", "score");

        Assert.That((answer.ExitCode, folder.Read("output.csv")[^1]), Is.EqualTo((ExitCode.Done, "-15.9469185")), answer.Progress);
    }

    [Test]
    public async Task Rejected_rows_are_told_with_their_lines_and_the_others_are_scored()
    {
        var answer = await ScoreAsync("--in", BadRows(), "--out", folder["output.csv"], "--rejected-share", "1", "--columns", "customer_id");

        Assert.That((answer.ExitCode, folder.Read("output.csv")), Is.EqualTo((ExitCode.Done, new[] { "customer_id", "100001", "100003", "100005" })));
        Assert.That(answer.Progress, Is.EqualTo(
            """
            Rejected: line 3, column "tenure_months": "eight" is not a number
            Rejected: line 5, column "mobile_app": the value is missing, and the model's input is Boolean, which has no missing value

            """));
        Assert.That(answer.Results, Does.StartWith("5 rows read, 3 scored, 2 rejected in "));
    }

    [Test]
    public async Task Rejected_rows_are_kept_whole_and_can_be_mended_and_scored_again()
    {
        await ScoreAsync("--in", BadRows(), "--out", folder["output.csv"], "--rejected", folder["rejected.csv"], "--rejected-share", "1");
        var rejected = folder.Read("rejected.csv");
        folder.Write("mended.csv", [.. rejected.Select(line => line.Replace("Z,eight,", "Z,8,", StringComparison.Ordinal))]);

        var again = await ScoreAsync("--in", folder["mended.csv"], "--out", folder["again.csv"], "--rejected", folder["rejected.csv"], "--rejected-share", "1", "--columns", "customer_id,score");

        Assert.That(rejected[..2], Is.EqualTo(new[]
        {
            $"rejected_line,rejected_column,rejected_reason,{Sample[0]}",
            $"3,tenure_months,\"\"\"eight\"\" is not a number\",{Sample[2].Replace("Z,8,", "Z,eight,", StringComparison.Ordinal)}",
        }));
        Assert.That(folder.Read("again.csv"), Is.EqualTo(new[] { "customer_id,score", "100002,10.794025" }), again.Progress);
        Assert.That(folder.Read("rejected.csv")[0], Is.EqualTo(rejected[0]), "the columns that tell of the first rejection are not kept beside those of the second");
    }

    [TestCase("2 of 5 rows were rejected, and --rejected-rows allows 1", "--rejected-rows", "1")]
    [TestCase("2 of 5 rows were rejected, and --rejected-share allows 0.01 of them")]
    public async Task Over_a_limit_nothing_is_written_but_the_rejected_rows(string message, params string[] limits)
    {
        folder.Write("output.csv", "what was there before");

        var answer = await ScoreAsync(["--in", BadRows(), "--out", folder["output.csv"], "--rejected", folder["rejected.csv"], .. limits]);

        Assert.That((answer.ExitCode, answer.Progress), Is.EqualTo((ExitCode.RejectedOverLimit, $"{message}: nothing is written.\n")));
        Assert.That(File.ReadAllText(folder["output.csv"]), Is.EqualTo("what was there before\n"));
        Assert.That(folder.Read("rejected.csv"), Has.Length.EqualTo(3));
        Assert.That(folder.Files, Is.EqualTo(new[] { "input.csv", "output.csv", "rejected.csv" }));
    }

    [Test]
    public async Task A_file_that_turns_out_to_be_malformed_leaves_nothing_half_written()
    {
        folder.Write("input.csv", [.. File.ReadLines(Customers).Take(3000), "1,2"]);

        var answer = await ScoreAsync("--in", folder["input.csv"], "--out", folder["output.csv"], "--rejected", folder["rejected.csv"]);

        Assert.That(answer.ExitCode, Is.EqualTo(ExitCode.BadConfiguration));
        Assert.That(answer.Progress, Does.StartWith($"{folder["input.csv"]}:3001: ").And.Contain("2 fields but 23 were expected"));
        Assert.That(folder.Files, Is.EqualTo(new[] { "input.csv" }));
    }

    [Test]
    public async Task A_file_may_replace_itself_and_a_link_stays_one()
    {
        folder.Write("customers.csv", Sample);
        File.CreateSymbolicLink(folder["link.csv"], folder["customers.csv"]);

        var answer = await ScoreAsync("--in", folder["link.csv"], "--out", folder["link.csv"]);

        Assert.That(answer.ExitCode, Is.EqualTo(ExitCode.Done), answer.Progress);
        Assert.That(File.ResolveLinkTarget(folder["link.csv"], returnFinalTarget: false)?.FullName, Is.EqualTo(folder["customers.csv"]));
        Assert.That(folder.Read("customers.csv")[1], Does.EndWith(",0.07232531"));
    }

    [Test]
    public async Task Programs_read_the_result_as_json()
    {
        var answer = await ScoreAsync("--in", BadRows(), "--out", folder["output.csv"], "--rejected-share", "1", "--json");

        Assert.That(Invocation.ShapeOf(answer.Json), Is.EqualTo(
            "{rowsRead: number, rowsScored: number, rowsRejected: number, firstRejected: [{line: number, column: string, reason: string}], overLimit: null}"));
    }

    /// <summary>Five customers, of whom the second and the fourth will not do.</summary>
    private string BadRows() => folder.Write("input.csv",
        [.. Sample.Select((line, i) => i switch { 2 => line.Replace("Z,8,", "Z,eight,", StringComparison.Ordinal), 4 => WithoutApp(line), _ => line })]);

    private static string WithoutApp(string line) => string.Join(',', line.Split(',').Select((field, i) => i == 21 ? "" : field));

    private static Task<Invocation> ScoreAsync(params string[] arguments) => Invocation.RunAsync(["score", "jobs/samples/churn.zip", .. arguments]);
}

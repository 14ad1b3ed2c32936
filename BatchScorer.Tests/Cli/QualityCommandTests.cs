using BatchScorer.Errors;
using BatchScorer.Tests.Postgres;
using BatchScorer.Tests.Runs;
using CustomersTable = BatchScorer.Cli.Demo.CustomersTable;

namespace BatchScorer.Tests.Cli;

internal sealed class QualityCommandTests(ServerKind kind) : CommandTests(kind)
{
    private DirectoryInfo folder = null!;

    [SetUp]
    public async Task MakeFolderAsync()
    {
        folder = Directory.CreateTempSubdirectory("batchscorer-jobs-");
        File.Copy(TestJob.GoldenModel("churn"), Path.Combine(folder.FullName, "churn.zip"));
        await MakeCustomersAsync(rows: 200);
    }

    [TearDown]
    public void RemoveFolder() => folder.Delete(recursive: true);

    [Test]
    public async Task New_labels_are_taken_up_and_each_version_and_window_has_its_line()
    {
        Write("\"table\": \"demo.outcomes\", \"label\": \"has_left\", \"time\": \"known_at\", \"window\": \"month\"");
        Assert.That((await RunInFolderAsync("quality", "churn")).Progress, Is.EqualTo(
            "Job churn has published no predictions yet that labels could be compared with: run `batchscorer run churn`. Labels of the time after that count.\n"));

        await RunInFolderAsync("run", "churn");
        var none = await RunInFolderAsync("quality", "churn");
        Assert.That((none.ExitCode, none.Results), Is.EqualTo((ExitCode.Done, "No prediction of job churn has a label: one counts whose time is not before the prediction was published.\n")));
        await CustomersTable.LearnOutcomesAsync(Database.DataSource, most: 150, default);

        Assert.That((await RunInFolderAsync("quality", "churn", "--no-update")).Results, Does.StartWith("No prediction"));
        var told = await RunInFolderAsync("quality", "churn");
        Assert.That(told.ExitCode, Is.EqualTo(ExitCode.Done), told.Progress);
        var lines = told.Results.Split('\n');
        Assert.That(lines[0], Does.Match(@"^model\s+labels\s+labelled\s+of\s+auc\s+log_loss\s+brier\s+accuracy\s+precision\s+recall\s+f1\s*$"));
        Assert.That(lines[1], Does.Match(@"^churn 1\s+all\s+150\s+75\.0 %(\s+0\.\d{4}){7}\s*$"));
        Assert.That(lines[2], Does.Match(@"^churn 1\s+\d{4}-\d\d-01 to \d{4}-\d\d-01\s+150(\s+0\.\d{4}){7}\s*$"));
        Assert.That(told.Progress, Does.Match(@"^Job churn: 150 label\(s\) read since .*Z, 150 labelled prediction\(s\) changed\.\n$"));
    }

    [Test]
    public async Task Programs_and_those_who_want_detail_get_it()
    {
        Write("\"table\": \"demo.outcomes\", \"label\": \"has_left\", \"time\": \"known_at\"");
        await RunInFolderAsync("run", "churn");
        await CustomersTable.LearnOutcomesAsync(Database.DataSource, most: 200, default);

        var json = await RunInFolderAsync("quality", "churn", "--by", "lag", "--detail", "--json");
        Assert.That(Invocation.ShapeOf(json.Json), Is.EqualTo(
            "{job: string, kind: string, output: string, threshold: number, slices: ["
            + "{modelName: string, modelVersion: string, modelSha256: string, slice: string, windowFrom: null, windowTo: null, lag: null, labelled: number, predictions: number, labelledShare: number, "
            + "metrics: [{name: string, value: number, reason: null}], calibration: [{from: number, to: number, rows: number, meanProbability: number, positiveShare: number}], confusion: [{actual: string, predicted: string, rows: number}]} | "
            + "{modelName: string, modelVersion: string, modelSha256: string, slice: string, windowFrom: null, windowTo: null, lag: string, labelled: number, predictions: null, labelledShare: null, "
            + "metrics: [{name: string, value: number, reason: null}], calibration: [{from: number, to: number, rows: number, meanProbability: number, positiveShare: number}], confusion: [{actual: string, predicted: string, rows: number}]}]}"));
        var text = await RunInFolderAsync("quality", "churn", "--by", "version", "--detail", "--no-update");
        Assert.That(text.Results, Does.Match(@"\nProbabilities of churn 1, all, and what came true:\n").And.Match(@"\nPredicted by churn 1, all, and what it was:\n").And.Match(@"\nit was\s+no\s+yes"));
        Assert.That((await RunInFolderAsync("quality", "churn", "--to", "2020-01-01")).Results, Does.StartWith("No prediction"));
    }

    [Test]
    public async Task Labels_that_will_not_do_are_told_with_their_place_and_leave_runs_alone()
    {
        Write("\"query\": \"labels.sql\", \"label\": \"has_left\", \"time\": \"known_at\"");
        File.WriteAllText(Path.Combine(folder.FullName, "labels.sql"), "SELECT customer_id, 1 / (customer_id - customer_id) AS has_left, (SELECT max(shown_from) FROM scoring.run_publications) AS known_at FROM demo.customers");
        Assert.That((await RunInFolderAsync("jobs", "validate")).ExitCode, Is.EqualTo(ExitCode.Done), "it fails on rows only");

        var run = await RunInFolderAsync("run", "churn");
        Assert.That((run.ExitCode, await Database.ScalarAsync<string>("SELECT state FROM scoring.runs")), Is.EqualTo((ExitCode.Done, "published")), run.Progress);

        var quality = await RunInFolderAsync("quality", "churn");
        Assert.That((quality.ExitCode, quality.Progress), Is.EqualTo((ExitCode.Failed,
            "churn.json:7: labels.query: labels cannot be read: division by zero (22012). Correct the file in sql/sources/, or what it reads.\n")));
    }

    [TestCase("SELECT setval('scoring.runs_run_id_seq', 100) AS customer_id, true AS has_left, (SELECT max(shown_from) FROM scoring.run_publications) AS known_at", "cannot execute setval() in a read-only transaction (25006)")]
    public async Task A_query_of_labels_cannot_write(string query, string cause)
    {
        Write("\"query\": \"labels.sql\", \"label\": \"has_left\", \"time\": \"known_at\"");
        File.WriteAllText(Path.Combine(folder.FullName, "labels.sql"), query);
        await RunInFolderAsync("run", "churn");

        Assert.That((await RunInFolderAsync("quality", "churn")).Progress, Does.Contain(cause));
    }

    [Test]
    public async Task Columns_that_do_not_fit_are_found_when_the_job_is_validated()
    {
        Write("\"table\": \"demo.customers\", \"label\": \"region\", \"time\": \"updated\", \"output\": \"will_leave\"");
        Assert.That((await RunInFolderAsync("jobs", "validate")).Results, Does.Contain(
            "churn.json:7: labels.kind: the output \"will_leave\" does not tell it; name it, \"binary\", \"regression\" or \"multiclass\"\n"));

        Write("\"table\": \"demo.customers\", \"label\": \"region\", \"time\": \"updated\"");
        Assert.That((await RunInFolderAsync("jobs", "validate")).Results, Does.Contain(
            "churn.json:7: labels.time: table demo.customers has no column \"updated\", did you mean \"updated_at\"?\n"
            + "churn.json:7: labels.label: \"region\" is text: say which value means yes, \"positive\": \"…\", or name a column of type boolean, or of numbers 0 and 1\n"));

        Write("\"table\": \"demo.outcome\", \"label\": \"region\", \"time\": \"updated\"");
        Assert.That((await RunInFolderAsync("jobs", "validate")).Results, Does.Contain(
            "churn.json:7: labels.table: The database has no table demo.outcome, did you mean \"demo.outcomes\"?: correct labels.table, or create the table.\n"));
    }

    [Test]
    public async Task A_job_without_labels_is_told_how_to_name_them()
    {
        Write(null);

        var quality = await RunInFolderAsync("quality", "churn");

        Assert.That((quality.ExitCode, quality.Progress), Is.EqualTo((ExitCode.BadConfiguration,
            "Job \"churn\" does not say where what really happened is found: name it in churn.json, \"labels\": { \"table\": \"…\", \"label\": \"…\", \"time\": \"…\" }, as docs/quality.md tells.\n")));
    }

    [Test]
    public async Task To_look_at_all_labels_and_at_none_is_a_contradiction()
    {
        var answer = await RunAsync("quality", "churn", "--all", "--no-update");

        Assert.That(answer.ExitCode, Is.EqualTo(ExitCode.Usage));
        Assert.That(answer.Progress, Does.Contain("--all looks for labels and --no-update does not: leave one of them out."));
    }

    private Task<Invocation> RunInFolderAsync(params string[] arguments) => Invocation.RunAsync(
        new Dictionary<string, string>(Settings) { ["BATCHSCORER_BatchScorer__SourcesFolder"] = folder.FullName, ["BATCHSCORER_BatchScorer__JobsFolder"] = folder.FullName }, arguments);

    private void Write(string? labels) => File.WriteAllText(Path.Combine(folder.FullName, "churn.json"),
        $$"""
        {
          "name": "churn",
          "source": { "table": "demo.customers", "key": ["customer_id"], "cursor": "updated_at" },
          "model": { "path": "churn.zip", "version": "1" },
          "outputs": { "churn_probability": "Probability", "will_leave": "PredictedLabel" },
          "carry": ["region"]
          {{(labels is null ? "" : $", \"labels\": {{ {labels} }}")}}
        }
        """);
}

using System.Net;
using System.Text.RegularExpressions;
using BatchScorer.Errors;
using BatchScorer.Tests.Cli;
using BatchScorer.Tests.Postgres;

namespace BatchScorer.Tests.Reports;

/// <summary><c>runs report</c> on runs as they come.</summary>
internal sealed class RunReportTests(ServerKind kind) : CommandTests(kind)
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("batchscorer-reports-");

    private string ReportPath => Path.Combine(folder.FullName, "run.html");

    [OneTimeTearDown]
    public void DeleteFolder() => folder.Delete(recursive: true);

    [Test]
    public async Task A_report_tells_what_ran_with_which_model_and_what_came_of_it()
    {
        await using var job = await ReportedJob.RunTwiceAsync(Database);
        var run = await job.Catalog.ReadAsync(2, default);

        var report = await ReportAsync(2);

        Assert.That(report, Does.Contain("<h1>Run 2 of job ").And.Contain(run.ModelSha256).And.Contain($"<dd>{run.Engine}</dd>").And.Contain($"on {run.Host}, version {run.ProgramVersion}"));
        Assert.That(report, Does.Contain("<dt>rows read</dt><dd>60</dd>").And.Contain("<dt>scored</dt><dd>59</dd>").And.Contain("<dt>rejected</dt><dd>1</dd>"));
        Assert.That(report, Does.Contain($"{run.WindowFrom}</span> to <span class=\"slot\">{run.WindowTo}</span>").And.Contain("<dt>trigger</dt><dd>manual</dd>"));
        Assert.That(report, Does.Contain(">auto_pay<").And.Contain("the value is null, and the model&#39;s input is Boolean"));
        Assert.That(report, Does.Not.Contain("100050"), "neither keys nor rows are in a report");
        foreach (var stage in new[] { "read", "score", "write" })
            Assert.That(report, Does.Match($"data-column=\"stage\"><span>{stage}</span>"));
    }

    [Test]
    public async Task Attempts_that_failed_or_whose_worker_died_are_shown_and_listed_with_their_causes()
    {
        await using var job = await ReportedJob.RunTwiceAsync(Database);

        var report = await ReportAsync(2);

        Assert.That(report, Does.Contain("chunk 1, attempt 1: failed").And.Contain(">2&#215;</text>").And.Contain("chunk 1, attempt 3: done").And.Contain(">3</text>").And.Contain("its worker died"));
        Assert.That(report, Does.Contain("<span>trouble &lt;script&gt; (40001)</span>"));
    }

    [Test]
    public async Task Each_output_stands_beside_the_run_before()
    {
        await using var job = await ReportedJob.RunTwiceAsync(Database);

        var (first, second) = (await ReportAsync(1), await ReportAsync(2));

        Assert.That(first, Does.Contain("The job has no published run before this one").And.Not.Contain("class=\"then\""));
        Assert.That(second, Does.Contain("run 1, the job's published run before"));
        foreach (var output in new[] { "score", "probability", "predicted_label", "label" })
            Assert.That(second, Does.Contain($"<h3>{output}</h3>"));
        var leaves = await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.job_predictions WHERE run_id = 2 AND predicted_label");
        var left = await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.job_predictions WHERE run_id = 1 AND predicted_label");
        Assert.That(second, Does.Match($@"<bdi>true</bdi>.*\n?.*>{leaves} \({leaves * 100.0 / 59:0.0} %\)<.*>{left} \({left:0.0} %\)<"));
    }

    [Test]
    public async Task Columns_stand_by_how_far_they_have_drifted_each_over_what_it_was_compared_with()
    {
        await using var job = await ReportedJob.RunTwiceAsync(Database);
        var columns = await Database.QueryAsync<string>("SELECT column_name FROM scoring.run_drift WHERE run_id = 2 ORDER BY value DESC");

        var (first, second) = (await ReportAsync(1), await ReportAsync(2));

        Assert.That(first, Does.Contain("there was neither a reference nor a run before to compare it with"));
        var section = second[second.IndexOf("id=\"drift\"", StringComparison.Ordinal)..second.IndexOf("id=\"quality\"", StringComparison.Ordinal)];
        Assert.That(section, Does.Contain($"{columns.Count - 5} of {columns.Count} columns have drifted"));
        Assert.That(Regex.Matches(section, "<h3>(.*?)</h3>").Select(match => match.Groups[1].Value), Is.EqualTo(columns.Take(12)));
        Assert.That(section, Does.Contain("class=\"then\"").And.Contain(", below run 1").And.Contain($"data-column=\"limit\" class=\"figure\"><span>0.1<"));
    }

    [Test]
    public async Task Each_metric_is_shown_over_time_with_its_limit()
    {
        await using var job = await ReportedJob.RunTwiceAsync(Database);

        var report = await ReportAsync(2);

        var section = report[report.IndexOf("id=\"quality\"", StringComparison.Ordinal)..report.IndexOf("id=\"rejected\"", StringComparison.Ordinal)];
        Assert.That(Regex.Matches(section, "<h3>(.*?)</h3>").Select(match => match.Groups[1].Value), Is.EqualTo(new[] { "auc", "log_loss", "recall" }));
        Assert.That((Regex.Count(section, "class=\"dot other\""), Regex.Count(section, "class=\"dot\""), Regex.Count(section, "class=\"limit\"")), Is.EqualTo((14, 10, 1)));
        Assert.That(section, Does.Contain("Last it was 0.79. Limit: at least 0.75.").And.Contain("Not defined in any window: "));
    }

    [Test]
    public async Task Texts_from_anywhere_stay_texts()
    {
        await using var job = await ReportedJob.RunTwiceAsync(Database);

        var report = await ReportAsync(2);

        Assert.That(report, Does.Not.Contain("<script").And.Not.Contain("<img"));
        var encoded = WebUtility.HtmlEncode(ReportedJob.Attack);
        Assert.That(report.Split(encoded), Has.Length.GreaterThan(4), "the job's description, a host, a reason and an output");
        Assert.That(report, Does.Not.Match("(src|href|url)=\"(?!data:)"), "nothing is loaded");
    }

    [Test]
    public async Task A_run_that_failed_says_why_and_one_without_rows_is_told_as_well()
    {
        await MakeCustomersAsync(rows: 30);
        await RunAsync("run", "churn");
        await RunAsync("run", "churn");
        await Database.ExecuteAsync("UPDATE scoring.runs SET state = 'failed', error = 'because <b>' WHERE run_id = 1");

        Assert.That(await ReportAsync(1), Does.Contain("because &lt;b&gt;").And.Contain(">failed</span>"));
        Assert.That(await ReportAsync(2), Does.Contain("Nobody has worked on a chunk of this run.").And.Contain("There are no predictions of this run."));
    }

    [Test]
    public async Task A_run_that_is_under_way_shows_how_far_it_is()
    {
        await using var job = await ReportedJob.RunTwiceAsync(Database);
        await Database.ExecuteAsync("UPDATE scoring.runs SET state = 'running', finished_at = NULL WHERE run_id = 2; UPDATE scoring.chunks SET state = 'pending' WHERE run_id = 2 AND chunk_no > 2");

        Assert.That(await ReportAsync(2), Does.Contain("<progress max=\"6\" value=\"3\">").And.Contain("Predictions are counted when the run is over."));
    }

    [Test]
    public async Task A_file_that_is_there_is_replaced_and_nothing_else_is_left()
    {
        await MakeCustomersAsync(rows: 10);
        await RunAsync("run", "churn");
        await File.WriteAllTextAsync(ReportPath, "before");

        var answer = await RunAsync("runs", "report", "1", "--html", ReportPath, "--json");

        Assert.That(Invocation.ShapeOf(answer.Json), Is.EqualTo("{runId: number, file: string, bytes: number}"));
        Assert.That(answer.Json.GetProperty("bytes").GetInt64(), Is.EqualTo(new FileInfo(ReportPath).Length));
        Assert.That(folder.EnumerateFileSystemInfos().Select(file => file.Name), Is.EqualTo(new[] { "run.html" }));
        Assert.That(await File.ReadAllTextAsync(ReportPath), Does.StartWith("<!DOCTYPE html>"));
    }

    [Test]
    public async Task An_unknown_run_and_a_file_that_cannot_be_written_are_told()
    {
        await MakeCustomersAsync(rows: 10);
        await RunAsync("run", "churn");

        var unknown = await RunAsync("runs", "report", "7", "--html", ReportPath);
        var nowhere = await RunAsync("runs", "report", "1", "--html", Path.Combine(folder.FullName, "none", "run.html"));
        var onFolder = await RunAsync("runs", "report", "1", "--html", folder.FullName);

        Assert.That((unknown.ExitCode, unknown.Progress), Is.EqualTo((ExitCode.Usage, "There is no run 7: `batchscorer runs list` shows those there are.\n")));
        Assert.That((nowhere.ExitCode, nowhere.Progress), Is.EqualTo((ExitCode.Failed, $"The report cannot be written to {folder.FullName}/none/run.html: there is no such folder. Make it, or name another.\n")));
        Assert.That(onFolder.ExitCode, Is.EqualTo(ExitCode.Failed));
        Assert.That(onFolder.Progress, Does.StartWith($"The report cannot be written to {folder.FullName}: ").And.EndWith("Name a file that you may write.\n"));
        Assert.That(Directory.EnumerateFiles(folder.Parent!.FullName, $"{folder.Name}.*"), Is.Empty);
    }

    private async Task<string> ReportAsync(long run)
    {
        var answer = await RunAsync("runs", "report", $"{run}", "--html", ReportPath);
        Assert.That(answer.ExitCode, Is.EqualTo(ExitCode.Done), answer.Progress);
        Assert.That(answer.Results, Does.StartWith($"The report of run {run} is in {ReportPath}, "));
        return await File.ReadAllTextAsync(ReportPath);
    }
}

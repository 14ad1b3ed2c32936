using System.Text.Json.Nodes;
using BatchScorer.Errors;
using BatchScorer.Tests.Postgres;

namespace BatchScorer.Tests.Cli;

internal sealed class AlarmCommandsTests(ServerKind kind) : CommandTests(kind)
{
    private const string AlarmShape =
        "{alarmId: number, job: string, runId: number, kind: string, subject: string, value: number, limit: number, message: string, lookAt: string, "
        + "since: string, raisedAt: string, clearedAt: null, toldAt: null, tellingError: null}";

    private DirectoryInfo jobs = null!;

    [SetUp]
    public async Task MakeJob()
    {
        jobs = Directory.CreateTempSubdirectory("batchscorer-test-");
        Directory.CreateDirectory(Path.Combine(jobs.FullName, "samples"));
        File.Copy(Repository.PathTo("jobs/samples/churn.zip"), Path.Combine(jobs.FullName, "samples", "churn.zip"));
        var churn = JsonNode.Parse(await File.ReadAllTextAsync(Repository.PathTo("jobs/churn.json")))!;
        churn["alarms"] = JsonNode.Parse("""{ "rows": { "atLeast": 1000 }, "hold": ["rows"] }""");
        await File.WriteAllTextAsync(Path.Combine(jobs.FullName, "churn.json"), churn.ToJsonString());
        await MakeCustomersAsync(rows: 60);
    }

    [TearDown]
    public void RemoveJob() => jobs.Delete(recursive: true);

    [Test]
    public async Task Without_alarms_it_says_so()
    {
        Assert.That((await RunAsync("alarms", "list")).Results, Is.EqualTo("There are no alarms.\n"));
        Assert.That((await RunAsync("alarms", "list", "churn", "--open")).Results, Is.EqualTo("Job churn has no alarms that stand.\n"));
        var unknown = await RunAsync("alarms", "list", "chrun");
        Assert.That(unknown.ExitCode, Is.EqualTo(ExitCode.Usage));
        Assert.That(unknown.Progress, Does.Contain("did you mean \"churn\"?"));
    }

    [Test]
    public async Task A_held_run_ends_in_3_is_shown_with_its_alarm_and_is_published_by_command()
    {
        var run = await RunAsync("run", "churn", "--jobs", jobs.FullName);
        Assert.That(run.ExitCode, Is.EqualTo(ExitCode.Held), run.Progress);
        Assert.That(run.Results, Does.Contain("1 of job churn, held").And.Contain("the run read 60 rows, expected at least 1,000, since "));
        Assert.That(run.Progress, Does.StartWith("Run 1 of job churn is held, and its predictions are not published: the run read 60 rows, expected at least 1,000."));

        var again = await RunAsync("run", "churn", "--jobs", jobs.FullName);
        Assert.That((again.ExitCode, again.Results), Is.EqualTo((ExitCode.Held, "")));
        Assert.That(again.Progress, Does.StartWith("Run 1 of job churn is held"));

        Assert.That((await RunAsync("runs", "list")).Results.Split('\n')[1], Does.Match(@"^\s*1  churn  held"));
        Assert.That((await RunAsync("runs", "show", "1")).Results, Does.Contain("expected at least 1,000"));
        Assert.That(Invocation.ShapeOf((await RunAsync("alarms", "list", "churn", "--open", "--output", "json")).Json), Is.EqualTo($"[{AlarmShape}]"));
        Assert.That((await RunAsync("alarms", "list")).Results, Does.Contain("it stands").And.Contain("rows"));
        var page = Path.Combine(jobs.FullName, "run.html");
        await RunAsync("runs", "report", "1", "--html", page);
        Assert.That(await File.ReadAllTextAsync(page), Does.Contain("Why it is not published:").And.Contain("Limits of the job that the run has crossed"));

        var published = await RunAsync("runs", "publish", "1");
        Assert.That((published.ExitCode, published.Results), Is.EqualTo((ExitCode.Done, "Run 1 of job churn is published, and scoring.churn_latest shows it.\n")));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.churn_latest"), Is.EqualTo(60));
    }
}

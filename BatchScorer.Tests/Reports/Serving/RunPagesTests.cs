using System.Net;
using BatchScorer.Jobs;
using BatchScorer.Reports.Serving;
using BatchScorer.Tests.Postgres;
using BatchScorer.Tests.Scheduling;
using BatchScorer.Tests.Telemetry;
using Npgsql;

namespace BatchScorer.Tests.Reports.Serving;

/// <summary><c>/runs</c> over HTTP.</summary>
[OnOneServer]
internal sealed class RunPagesTests(ServerKind kind) : DatabaseTests(kind)
{
    private CollectedLogs logs = null!;

    [SetUp]
    public void CollectLogs() => logs = new CollectedLogs();

    [TearDown]
    public void DropLogs() => logs.Dispose();

    [Test]
    public async Task The_overview_leads_to_the_report_of_each_run()
    {
        await using var job = await ReportedJob.RunTwiceAsync(Database);
        await using var server = await PageServer.StartAsync(Database.ConnectionString, logs);

        var overview = await server.AskAsync("/runs");
        var report = await server.AskAsync("/runs/2");

        Assert.That(overview.Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(overview.Text, Does.Contain("<a class=\"slot\" href=\"/runs/2\">run 2</a>").And.Contain("<a href=\"/runs?job=job\">job</a>").And.Contain("No run is under way."));
        Assert.That(report.Text, Does.Contain("<h1>Run 2 of job").And.Contain("<a href=\"/runs/1\">run 1</a>, the job's published run before").And.Not.Contain("<script"));
        Assert.That(logs.Names(Microsoft.Extensions.Logging.LogLevel.Warning).Except(["FolderUnreadable"]), Is.Empty);
    }

    [Test]
    public async Task The_overview_tells_next_firings_and_windows_of_jobs()
    {
        await using var job = await ScheduledJob.CreateAsync(Database, new JobSchedule { Every = TimeSpan.FromHours(1) });
        await job.RunAsync();
        job.WriteFile("broken.json", "{");
        await Database.ExecuteAsync("INSERT INTO scoring.jobs (name) VALUES ('gone')");
        await using var server = await PageServer.StartAsync(Database.ConnectionString, logs, readJobs: job.Read, now: new ShiftedTime(ScheduledJob.Midnight));

        var (_, text, _) = await server.AskAsync("/runs");

        var next = await Database.ScalarAsync<string>("SELECT next_from FROM scoring.jobs WHERE name = 'job'");
        Assert.That(text, Does.Contain(">every 01:00:00<").And.Contain("<span class=\"slot\">2025-06-01 01:00:00 +00:00</span>").And.Contain("2025-06-01 03:00:00 +00:00"));
        Assert.That(text, Does.Contain($"<span class=\"slot\">{next!.Replace(".000000Z", "Z", StringComparison.Ordinal)}</span></dd>").And.Contain("the beginning</span> to "));
        Assert.That(text, Does.Contain("its file has faults").And.Contain("no file on this node"));
    }

    [Test]
    public async Task The_runs_of_one_job_can_be_asked_for()
    {
        await using var job = await ReportedJob.RunTwiceAsync(Database);
        await Database.ExecuteAsync("INSERT INTO scoring.jobs (name) VALUES ('other')");
        await using var server = await PageServer.StartAsync(Database.ConnectionString, logs);

        Assert.That((await server.AskAsync("/runs?job=job")).Text, Does.Contain("<h1>Runs of job</h1>").And.Contain("run 2").And.Not.Contain(">other<"));
        Assert.That((await server.AskAsync("/runs?job=other")).Text, Does.Contain("There are no runs."));
    }

    [TestCase("/runs/99")]
    [TestCase("/runs/0")]
    [TestCase("/runs/-1")]
    [TestCase("/runs/last")]
    [TestCase("/runs/99999999999999999999")]
    [TestCase("/runs?job=%3Cscript%3E")]
    public async Task What_is_not_there_is_404_and_says_so(string path)
    {
        await using var server = await PageServer.StartAsync(Database.ConnectionString, logs);

        var (status, text, _) = await server.AskAsync(path);

        Assert.That(status, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(text, Does.Contain("<h1>There is no such ").And.Not.Contain("<script"));
    }

    [Test]
    public async Task Pages_are_not_kept_and_may_load_and_frame_nothing()
    {
        await using var server = await PageServer.StartAsync(Database.ConnectionString, logs);

        var headers = (await server.AskAsync("/runs")).Response.Headers;

        Assert.That(headers.CacheControl!.NoStore, Is.True);
        Assert.That(headers.GetValues("Content-Security-Policy").Single(), Does.StartWith("default-src 'none'; style-src 'unsafe-inline'; img-src data:").And.Contain("frame-ancestors 'none'"));
        Assert.That((headers.GetValues("X-Content-Type-Options").Single(), headers.GetValues("Referrer-Policy").Single()), Is.EqualTo(("nosniff", "no-referrer")));
    }

    [Test]
    public async Task Only_reading_is_answered()
    {
        await using var server = await PageServer.StartAsync(Database.ConnectionString, logs);

        foreach (var method in new[] { HttpMethod.Post, HttpMethod.Put, HttpMethod.Delete, HttpMethod.Patch })
            Assert.That((await server.AskAsync("/runs", method: method)).Status, Is.EqualTo(HttpStatusCode.MethodNotAllowed));
        var head = await server.AskAsync("/runs", method: HttpMethod.Head);
        Assert.That((head.Status, head.Text), Is.EqualTo((HttpStatusCode.OK, "")));
    }

    [Test]
    public async Task A_page_asks_again_while_something_runs()
    {
        await using var job = await ReportedJob.RunTwiceAsync(Database);
        await using var server = await PageServer.StartAsync(Database.ConnectionString, logs);
        const string refresh = "<meta http-equiv=\"refresh\" content=\"5\">";
        Assert.That((await server.AskAsync("/runs")).Text, Does.Not.Contain(refresh));

        await Database.ExecuteAsync("UPDATE scoring.runs SET state = 'running', finished_at = NULL WHERE run_id = 2; UPDATE scoring.chunks SET state = 'pending' WHERE run_id = 2 AND chunk_no > 2");

        Assert.That((await server.AskAsync("/runs")).Text, Does.Contain(refresh).And.Contain("<progress max=\"6\" value=\"3\">3 of 6 chunks</progress>"));
        Assert.That((await server.AskAsync("/runs/2")).Text, Does.Contain(refresh));
        Assert.That((await server.AskAsync("/runs/1")).Text, Does.Not.Contain(refresh));
    }

    [TestCase("localhost", HttpStatusCode.OK)]
    [TestCase("localhost:8088", HttpStatusCode.OK)]
    [TestCase("[::1]", HttpStatusCode.OK)]
    [TestCase("evil.example", HttpStatusCode.Forbidden)]
    [TestCase("192.0.2.1", HttpStatusCode.Forbidden)]
    public async Task By_default_the_machine_alone_may_read_by_a_name_of_its_own(string host, HttpStatusCode expected)
    {
        await using var server = await PageServer.StartAsync(Database.ConnectionString, logs);

        var (status, text, _) = await server.AskAsync("/runs", host);

        Assert.That(status, Is.EqualTo(expected));
        if (expected is HttpStatusCode.Forbidden)
            Assert.That(text, Does.Contain("for this machine only").And.Contain("BatchScorer:RunPages").And.Not.Contain("Newest runs"));
    }

    [TestCase(PageReaders.Everybody, HttpStatusCode.OK)]
    [TestCase(PageReaders.Nobody, HttpStatusCode.NotFound)]
    public async Task Everybody_or_nobody_may_read_where_that_is_set(PageReaders readers, HttpStatusCode expected)
    {
        await using var server = await PageServer.StartAsync(Database.ConnectionString, logs, readers);

        Assert.That((await server.AskAsync("/runs", "scores.example.org")).Status, Is.EqualTo(expected));
    }

    [Test]
    public async Task A_database_that_is_away_is_503_and_asked_again()
    {
        var connection = new NpgsqlConnectionStringBuilder(Database.ConnectionString);
        var proxy = new Proxy(connection.Port);
        (connection.Host, connection.Port) = ("127.0.0.1", proxy.Port);
        await using var server = await PageServer.StartAsync(connection.ConnectionString, logs);
        Assert.That((await server.AskAsync("/runs")).Status, Is.EqualTo(HttpStatusCode.OK));

        await proxy.DisposeAsync();

        foreach (var path in new[] { "/runs", "/runs/1" })
        {
            var (status, text, response) = await server.AskAsync(path);
            Assert.That(status, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
            Assert.That(text, Does.Contain("<h1>The database is away</h1>").And.Contain("http-equiv=\"refresh\"").And.Not.Contain("127.0.0.1"));
            Assert.That(response.Headers.RetryAfter!.Delta, Is.EqualTo(TimeSpan.FromSeconds(5)));
        }
    }

    [Test]
    public async Task A_page_that_cannot_be_made_is_500_and_logged_and_tells_nothing()
    {
        await using var server = await PageServer.StartAsync(Database.ConnectionString, logs);
        await Database.ExecuteAsync("DROP SCHEMA scoring CASCADE");

        var (status, text, _) = await server.AskAsync("/runs");

        Assert.That(status, Is.EqualTo(HttpStatusCode.InternalServerError));
        Assert.That(text, Does.Contain("event 500").And.Not.Contain("scoring."));
        Assert.That(logs.Names(Microsoft.Extensions.Logging.LogLevel.Error), Is.EqualTo(new[] { "PageFailed" }));
    }
}

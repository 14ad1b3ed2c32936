using System.Text.Json;
using BatchScorer.Alarms.Notices;
using BatchScorer.Errors;
using BatchScorer.Jobs;
using BatchScorer.Tests.Cli;
using BatchScorer.Tests.Postgres;
using BatchScorer.Tests.Runs;
using BatchScorer.Tests.Telemetry;
using Microsoft.Extensions.Logging;

namespace BatchScorer.Tests.Alarms;

/// <summary>What receivers get of alarms.</summary>
internal sealed class NoticeDeliveryTests(ServerKind kind) : DatabaseTests(kind)
{
    private const string Secret = "a secret that nobody may read";

    private const string Notices = "SELECT format('%s attempts, %s, %s', attempts, CASE WHEN delivered_at IS NULL THEN 'waits' ELSE 'delivered' END, coalesce(error, 'no error')) FROM scoring.alarm_notices ORDER BY written_at";

    /// <summary>Does not let tests wait as long as real receivers are waited for.</summary>
    private static readonly NoticePatience Patience = new() { Answer = TimeSpan.FromSeconds(2), FirstPause = TimeSpan.FromMilliseconds(10) };

    private readonly Dictionary<string, string> variables = [];
    private BatchScorer.Postgres.Database database = null!;
    private CollectedLogs logs = null!;

    [SetUp]
    public async Task OpenDatabase()
    {
        variables.Clear();
        variables["CHURN_SECRET"] = Secret;
        database = await BatchScorer.Postgres.Database.OpenAsync(Database.ConnectionString, default);
        logs = new CollectedLogs();
    }

    [TearDown]
    public async Task CloseDatabase()
    {
        Assert.That(logs.Lines.Select(line => line.Text), Has.None.Contains(Secret));
        logs.Dispose();
        await database.DisposeAsync();
    }

    [Test]
    public async Task A_notice_tells_of_run_and_alarms_is_signed_and_sent_once()
    {
        await using var receiver = await Receiver.StartAsync(200);
        await using var job = await CreateAsync(receiver.Url);
        await job.RunAsync();

        await DeliverAsync();
        await DeliverAsync();

        var notice = receiver.Received.Single();
        Assert.That(notice.IsSignedBy(Secret), Is.True);
        Assert.That(notice.IsSignedBy("another"), Is.False);
        Assert.That(DateTimeOffset.FromUnixTimeSeconds(notice.Timestamp), Is.EqualTo(DateTimeOffset.UtcNow).Within(TimeSpan.FromMinutes(5)));
        var body = JsonDocument.Parse(notice.Body).RootElement;
        Assert.That(Invocation.ShapeOf(body), Is.EqualTo(
            "{id: string, job: string, run: {id: number, trigger: string, state: string, windowTo: string, rowsRead: number, rowsRejected: number, durationSeconds: number, "
            + "model: string, modelVersion: string, modelSha256: string}, "
            + "alarms: [{kind: string, subject: string, value: number, limit: number, since: string, message: string, lookAt: string}], programVersion: string}"));
        Assert.That(body.GetProperty("id").GetGuid(), Is.EqualTo(notice.Id));
        Assert.That(body.GetProperty("run").GetProperty("state").GetString(), Is.EqualTo("published"));
        Assert.That(body.GetProperty("alarms")[0].GetProperty("message").GetString(), Is.EqualTo("the run read 20 rows, expected at least 1,000"));
        Assert.That(await Database.QueryAsync<string>(Notices), Is.EqualTo(new[] { "1 attempts, delivered, no error" }));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.alarms JOIN scoring.alarm_notices USING (notice_id)"), Is.EqualTo(1));
    }

    [Test]
    public async Task A_held_run_is_told_as_held()
    {
        await using var receiver = await Receiver.StartAsync(204);
        await using var job = await CreateAsync(receiver.Url, holds: true);
        await job.RunAsync();

        await DeliverAsync();

        var run = JsonDocument.Parse(receiver.Received.Single().Body).RootElement.GetProperty("run");
        Assert.That((run.GetProperty("state").GetString(), run.GetProperty("heldReason").GetString()), Is.EqualTo(("succeeded", "the run read 20 rows, expected at least 1,000")));
    }

    [Test]
    public async Task A_receiver_that_fails_twice_gets_the_same_notice_a_third_time()
    {
        await using var receiver = await Receiver.StartAsync(500, 503, 200);
        await using var job = await CreateAsync(receiver.Url);
        await job.RunAsync();

        await DeliverAsync();

        Assert.That(receiver.Received, Has.Count.EqualTo(3));
        Assert.That(receiver.Received.Select(notice => (notice.Id, notice.Body)).Distinct().Count(), Is.EqualTo(1));
        Assert.That(await Database.QueryAsync<string>(Notices), Is.EqualTo(new[] { "1 attempts, delivered, no error" }));
    }

    [Test]
    public async Task A_receiver_that_never_answers_keeps_nobody_waiting_and_is_tried_again_later()
    {
        await using var receiver = await Receiver.StartAsync(Receiver.Never, 200);
        await using var job = await CreateAsync(receiver.Url);

        var (run, end) = await job.RunAsync();
        Assert.That((run.State, end.ExitCode, receiver.Received.Count), Is.EqualTo(("published", ExitCode.Done, 0)), "telling is no part of the run");

        var patience = Patience with { Answer = TimeSpan.FromMilliseconds(200), Retries = 1 };
        await using (var silent = await Receiver.StartAsync(Receiver.Never))
        {
            await Database.ExecuteAsync("UPDATE scoring.alarm_notices SET url = @Url", new { silent.Url });
            await DeliverAsync(patience);
            Assert.That(silent.Received, Has.Count.EqualTo(2));
        }

        Assert.That(await Database.QueryAsync<string>(Notices), Is.EqualTo(new[] { "1 attempts, waits, the receiver did not answer within 0.2 s" }));
        await DeliverAsync(patience);
        Assert.That(await Database.ScalarAsync<int>("SELECT attempts FROM scoring.alarm_notices"), Is.EqualTo(1), "it is not due yet");
        Assert.That(await Database.ScalarAsync<bool>("SELECT next_attempt_at BETWEEN now() AND now() + interval '61 s' FROM scoring.alarm_notices"), Is.True);
        Assert.That(logs.Names(LogLevel.Warning), Does.Contain("NotDelivered"));
    }

    [Test]
    public async Task Who_dies_while_a_notice_is_sent_leaves_it_to_others()
    {
        await using var receiver = await Receiver.StartAsync(Receiver.Never, 200);
        await using var job = await CreateAsync(receiver.Url);
        await job.RunAsync();
        using var death = new CancellationTokenSource();
        var dying = DeliverAsync(cancellationToken: death.Token);
        Assert.That(() => receiver.Received.Count, Is.EqualTo(1).After(10_000, 20));
        await death.CancelAsync();
        Assert.That(async () => await dying, Throws.InstanceOf<OperationCanceledException>());

        await DeliverAsync();
        Assert.That(receiver.Received, Has.Count.EqualTo(1), "for a minute it might still be under way");
        await Database.ExecuteAsync("UPDATE scoring.alarm_notices SET next_attempt_at = now()");
        await DeliverAsync();

        Assert.That(receiver.Received.Select(notice => notice.Id).Distinct().Count(), Is.EqualTo(1));
        Assert.That(await Database.QueryAsync<string>(Notices), Is.EqualTo(new[] { "2 attempts, delivered, no error" }));
    }

    [Test]
    public async Task Those_who_deliver_at_the_same_time_send_each_notice_once()
    {
        await using var receiver = await Receiver.StartAsync(200);
        await using var job = await CreateAsync(receiver.Url);
        await job.RunAsync();
        await Database.ExecuteAsync("INSERT INTO scoring.alarm_notices (job, url, secret, body) SELECT job, url, secret, body FROM scoring.alarm_notices, generate_series(1, 29)");

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => DeliverAsync()));

        Assert.That(receiver.Received, Has.Count.EqualTo(30));
        Assert.That(receiver.Received.Select(notice => notice.Id), Is.Unique);
    }

    [TestCase(404, 1)]
    [TestCase(302, 1)]
    [TestCase(429, 3)]
    public async Task What_cannot_pass_is_not_tried_again_at_once(int answer, int tries)
    {
        await using var receiver = await Receiver.StartAsync(answer);
        await using var job = await CreateAsync(receiver.Url);
        await job.RunAsync();

        await DeliverAsync();

        Assert.That(receiver.Received, Has.Count.EqualTo(tries));
        Assert.That(await Database.QueryAsync<string>(Notices), Is.EqualTo(new[] { $"1 attempts, waits, the receiver answered {answer}" }));
    }

    [Test]
    public async Task A_secret_may_be_in_a_file_and_one_that_is_missing_is_named()
    {
        await using var receiver = await Receiver.StartAsync(200);
        await using var job = await CreateAsync(receiver.Url);
        await job.RunAsync();
        variables.Clear();

        await DeliverAsync();
        Assert.That(await Database.ScalarAsync<string>("SELECT error FROM scoring.alarm_notices"), Does.EndWith("has neither CHURN_SECRET, the secret that signs notices, nor CHURN_SECRET_FILE, a file with it"));
        Assert.That(receiver.Received, Is.Empty);

        var file = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"{Guid.NewGuid():N}.secret");
        await File.WriteAllTextAsync(file, Secret + "\n");
        variables["CHURN_SECRET_FILE"] = file;
        await Database.ExecuteAsync("UPDATE scoring.alarm_notices SET next_attempt_at = now()");
        await DeliverAsync();
        File.Delete(file);

        Assert.That(receiver.Received.Single().IsSignedBy(Secret), Is.True);
    }

    [Test]
    public async Task Nobody_tries_for_ever()
    {
        await using var receiver = await Receiver.StartAsync(200);
        await using var job = await CreateAsync(receiver.Url);
        await job.RunAsync();
        await Database.ExecuteAsync("UPDATE scoring.alarm_notices SET written_at = now() - interval '73 hours'");

        await DeliverAsync();

        Assert.That(receiver.Received, Is.Empty);
    }

    private async Task DeliverAsync(NoticePatience? patience = null, CancellationToken cancellationToken = default)
    {
        using var sender = new NoticeSender(new NoticeSecrets(variables), patience ?? Patience, TimeProvider.System);
        await new NoticeDelivery(database, sender, patience ?? Patience, logs.CreateLogger<NoticeDelivery>()).DeliverDueAsync(cancellationToken);
    }

    private async Task<TestJob> CreateAsync(string url, bool holds = false)
    {
        await CustomersTable.CreateAsync(Database, 20);
        var job = await TestJob.CreateAsync(Database, "churn", CustomersTable.Source);
        job.Definition = job.Definition with
        {
            Alarms = new() { Rows = new() { AtLeast = 1000 }, Hold = holds ? [AlarmKind.Rows] : null, Webhook = new JobWebhook { Url = url, Secret = "CHURN_SECRET" } },
        };
        return await job.AppliedAsync();
    }
}

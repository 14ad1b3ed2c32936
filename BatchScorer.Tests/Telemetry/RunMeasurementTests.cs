using System.Diagnostics;
using BatchScorer.Jobs;
using BatchScorer.Runs;
using BatchScorer.Telemetry;
using BatchScorer.Tests.Postgres;
using BatchScorer.Tests.Runs;
using Microsoft.Extensions.Logging;

namespace BatchScorer.Tests.Telemetry;

/// <summary>What a collector and a log hear of runs.</summary>
[Parallelizable(ParallelScope.None)]
internal sealed class RunMeasurementTests(ServerKind kind) : DatabaseTests(kind)
{
    private CollectedLogs logs = null!;
    private Measurements measurements = null!;

    [SetUp]
    public void Listen()
    {
        logs = new CollectedLogs();
        measurements = new Measurements();
    }

    [TearDown]
    public void StopListening()
    {
        measurements.Dispose();
        logs.Dispose();
    }

    [Test]
    public async Task A_run_is_counted_once_with_its_rows_stages_and_attempts()
    {
        await using var job = await ChurnAsync();

        await job.RunAsync(partitions: 2);

        Assert.That(measurements.Sum("batchscorer.runs", TagNames.State), Is.EqualTo(new Dictionary<string, double> { ["published"] = 1 }));
        Assert.That(measurements.Sum("batchscorer.rows", TagNames.Outcome), Is.EqualTo(new Dictionary<string, double> { ["scored"] = 100, ["rejected"] = 0 }));
        Assert.That(measurements.Sum("batchscorer.chunk.attempts", TagNames.Outcome), Is.EqualTo(new Dictionary<string, double> { ["done"] = 4 }));
        Assert.That(measurements.Sum("batchscorer.run.active", TagNames.Job), Is.EqualTo(new Dictionary<string, double> { ["job"] = 0 }));
        Assert.That(measurements.Sum("batchscorer.chunk.stage.duration", TagNames.Stage).Keys, Is.EquivalentTo(new[] { "read", "score", "write" }));
        Assert.That(Values("batchscorer.run.duration").Single(), Is.Positive);
        Assert.That(Values("batchscorer.planning.duration").Single(), Is.Positive);
        Assert.That(Values("batchscorer.model.load.duration"), Is.Not.Empty.And.All.Positive);
    }

    [Test]
    public async Task A_run_is_logged_from_its_plan_to_its_publication()
    {
        await using var job = await ChurnAsync();

        var (run, _) = await job.RunAsync(partitions: 2);

        Assert.That(logs.Names(), Is.EqualTo(new[] { "RunPlanned", "RunStarted", "RunPublished" }));
        Assert.That(logs.Lines[0].Text, Does.StartWith($"Run {run.RunId} of job job is planned by manual: window from the beginning to {run.WindowTo}, 100 rows in 4 chunks, planned in "));
        Assert.That(logs.Lines[^1].Text, Does.StartWith($"Run {run.RunId} of job job is published: 100 rows read, 100 scored, 0 rejected in "));
    }

    [Test]
    public async Task The_spans_of_a_run_lead_from_the_run_to_its_chunks()
    {
        await using var job = await ChurnAsync();

        var (run, _) = await job.RunAsync(partitions: 2);

        var root = measurements.Spans.Single(span => span.OperationName == RunSpans.RunName);
        var work = measurements.Spans.Single(span => span.OperationName == RunSpans.WorkName);
        var chunks = measurements.Spans.Where(span => span.OperationName == RunSpans.ChunkName).ToList();
        Assert.That(measurements.Spans.Where(span => span.ParentSpanId == root.SpanId).Select(span => span.OperationName), Is.EqualTo(new[] { RunSpans.LoadName, RunSpans.PlanName, RunSpans.WorkName }));
        Assert.That(chunks.Select(chunk => chunk.ParentSpanId), Is.All.EqualTo(work.SpanId));
        Assert.That(chunks.Select(chunk => chunk.GetTagItem(TagNames.ChunkNo)), Is.EquivalentTo(new object[] { 0, 1, 2, 3 }));
        Assert.That(chunks.Append(root).Append(work).Select(span => span.GetTagItem(TagNames.RunId)), Is.All.EqualTo(run.RunId));
        Assert.That(chunks.Select(Stages), Is.All.LessThanOrEqualTo(chunks.Max(chunk => chunk.Duration.TotalSeconds)).And.All.Positive);
    }

    [Test]
    public async Task An_attempt_that_fails_is_counted_logged_and_marked_on_its_span_without_what_it_says()
    {
        await using var job = await ChurnAsync();
        await RefuseSecondChunkAsync("53100", times: 2);

        var (run, _) = await job.RunAsync(partitions: 1);

        Assert.That(measurements.Sum("batchscorer.chunk.attempts", TagNames.Outcome), Is.EqualTo(new Dictionary<string, double> { ["done"] = 4, ["retried"] = 2 }));
        Assert.That(logs.Lines.Where(line => line.Name == "ChunkRetried").Select(line => (line.Level, line.Text)), Is.EqualTo(new[]
        {
            (LogLevel.Warning, $"Chunk 1 of run {run.RunId} of job job failed at attempt 1 and is tried again after 0.0 s: full (53100)"),
            (LogLevel.Warning, $"Chunk 1 of run {run.RunId} of job job failed at attempt 2 and is tried again after 0.0 s: full (53100)"),
        }));
        var failed = measurements.Spans.Where(span => span.Status is ActivityStatusCode.Error).ToList();
        Assert.That(failed.Select(span => (span.GetTagItem(TagNames.Outcome), span.GetTagItem(TagNames.Error), span.StatusDescription)),
            Is.EqualTo(new (object?, object?, string?)[] { ("retried", "53100", null), ("retried", "53100", null) }));
    }

    [Test]
    public async Task A_run_that_fails_says_so_at_the_level_of_errors()
    {
        await using var job = await ChurnAsync();
        await RefuseSecondChunkAsync("42501", times: 100);

        await job.RunAsync(partitions: 1);

        Assert.That(measurements.Sum("batchscorer.runs", TagNames.State), Is.EqualTo(new Dictionary<string, double> { ["failed"] = 1 }));
        Assert.That(logs.Names(LogLevel.Warning), Is.EqualTo(new[] { "ChunkFailed", "RunFailed" }));
    }

    [Test]
    public async Task A_window_that_is_held_back_says_by_whom_and_for_how_long()
    {
        await using var job = await ChurnAsync();
        await using var holder = await Database.DataSource.OpenConnectionAsync();
        await using var transaction = await holder.BeginTransactionAsync();
        await using (var command = new Npgsql.NpgsqlCommand("SELECT now(), pg_sleep(0.1)", holder))
            await command.ExecuteNonQueryAsync();

        await job.RunAsync();

        Assert.That(Values("batchscorer.window.held").Single(), Is.GreaterThan(0.1));
        Assert.That(logs.Lines.Single(line => line.Name == "WindowHeld").Text, Does.Contain("held back by pid "));
    }

    [Test]
    public async Task A_run_that_is_cancelled_counts_once_however_often_it_is_asked()
    {
        await using var job = await ChurnAsync();
        var (run, _) = await job.RunAsync();
        await Database.ExecuteAsync("UPDATE scoring.runs SET state = 'running'");

        await job.Cancellation.CancelAsync(run.RunId, default);
        await job.Cancellation.CancelAsync(run.RunId, default);

        Assert.That(measurements.Sum("batchscorer.runs", TagNames.State), Is.EqualTo(new Dictionary<string, double> { ["published"] = 1, ["cancelled"] = 1 }));
    }

    [Test]
    public async Task Lag_and_age_of_jobs_are_the_ledgers()
    {
        await using var job = await ChurnAsync();
        await job.RunAsync();
        await Database.ExecuteAsync(
            """
            UPDATE scoring.jobs SET next_from = to_char(now() AT TIME ZONE 'UTC' - interval '3 days', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
            UPDATE scoring.runs SET finished_at = now() - interval '2 hours';
            INSERT INTO scoring.jobs (name, next_from) VALUES ('by_number', '4711')
            """);
        await using var database = await BatchScorer.Postgres.Database.OpenAsync(Database.ConnectionString, default);

        Assert.That(await new JobFreshness(database).ObserveAsync(default), Is.EqualTo(2));

        Assert.That(Values("batchscorer.job.lag").Single(), Is.EqualTo(3 * 86400).Within(60));
        Assert.That(Values("batchscorer.job.age").Single(), Is.EqualTo(2 * 3600).Within(60));
    }

    [Test]
    public async Task No_metric_has_a_tag_that_tells_runs_or_chunks_apart()
    {
        await using var job = await ChurnAsync();
        await RefuseSecondChunkAsync("53100", times: 1);

        await job.RunAsync();

        Assert.That(measurements.Metrics.SelectMany(metric => metric.Tags.Keys).Distinct(),
            Is.SubsetOf(new[] { TagNames.Job, TagNames.Trigger, TagNames.State, TagNames.Outcome, TagNames.Engine, TagNames.Stage }));
    }

    private IEnumerable<double> Values(string instrument) => measurements.Metrics.Where(metric => metric.Instrument == instrument).Select(metric => metric.Value);

    private static double Stages(Activity chunk) =>
        new[] { "read", "score", "write" }.Sum(stage => (double)chunk.GetTagItem($"batchscorer.{stage}.seconds")!);

    /// <summary>Four chunks.</summary>
    private async Task<TestJob> ChurnAsync()
    {
        await CustomersTable.CreateAsync(Database, 100);
        var job = await TestJob.CreateAsync(Database, "churn", CustomersTable.Source, loggers: logs);
        job.Definition = job.Definition with { Work = new JobWork { ChunkRows = 25 } };
        await job.AppliedAsync();
        return job;
    }

    private Task RefuseSecondChunkAsync(string state, int times) => Database.ExecuteAsync(
        $$"""
        CREATE SEQUENCE refusals;
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF nextval('refusals') <= {{times}} THEN RAISE EXCEPTION USING ERRCODE = '{{state}}', MESSAGE = 'full'; END IF;
            RETURN NEW;
        END $$;
        CREATE TRIGGER refuse BEFORE UPDATE ON scoring.chunks FOR EACH ROW WHEN (NEW.state = 'done' AND NEW.chunk_no = 1) EXECUTE FUNCTION refuse();
        """);
}

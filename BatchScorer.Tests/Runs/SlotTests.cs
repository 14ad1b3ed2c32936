using BatchScorer.Errors;
using BatchScorer.Jobs;
using BatchScorer.Runs;
using BatchScorer.Tests.Postgres;

namespace BatchScorer.Tests.Runs;

/// <summary>Runs that a schedule asks for.</summary>
internal sealed class SlotTests(ServerKind kind) : DatabaseTests(kind)
{
    private const int Rows = 200;

    [Test]
    public async Task However_many_ask_for_a_slot_it_makes_one_run()
    {
        await using var job = await ChurnAsync();
        var slot = DateTimeOffset.UtcNow;

        var ends = await Task.WhenAll(Enumerable.Range(0, 8).Select(node => RunSlotAsync(job, slot, $"node {node}")));

        Assert.That(ends.OfType<(long RunId, RunEnd End)>(), Is.Not.Empty.And.All.Matches<(long, RunEnd End)>(one => one.End.ExitCode is ExitCode.Done));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.runs"), Is.EqualTo(1));
        Assert.That(await CustomersTable.ScoresAsync(Database), Is.EqualTo(CustomersTable.ExpectedScores(Rows)));
        Assert.That(await RunSlotAsync(job, slot, "late"), Is.Null);
    }

    [Test]
    public async Task The_run_of_a_slot_says_what_fired_and_where()
    {
        await using var job = await ChurnAsync();
        var slot = new DateTimeOffset(2025, 10, 26, 0, 30, 0, TimeSpan.Zero);

        await RunSlotAsync(job, slot, "node 1");

        var run = await job.Catalog.ReadAsync(1, default);
        Assert.That((run.Trigger, run.Slot, run.FiredBy, run.Node), Is.EqualTo(("schedule", slot.UtcDateTime, "every 1 h", "node 1")));
    }

    [Test]
    public async Task A_window_ends_at_its_slot_and_the_next_one_starts_there()
    {
        await using var job = await ChurnAsync();
        await SpreadOverHoursAsync();

        await RunSlotAsync(job, Hour(1), trigger: Trigger.Catchup);
        await RunSlotAsync(job, Hour(2), trigger: Trigger.Catchup);
        await RunSlotAsync(job, Hour(2.5));

        var runs = await Database.QueryAsync<(string? From, string To, long Rows)>("SELECT window_from, window_to, rows_scored FROM scoring.runs ORDER BY run_id");
        Assert.That(runs, Is.EqualTo(new[] { (null, Text(1), 60L), (Text(1), Text(2), 60L), (Text(2), Text(2.5), 80L) }),
            "a run that catches up keeps to its window, and the one of the present reads on");
        Assert.That(await CustomersTable.ScoresAsync(Database), Is.EqualTo(CustomersTable.ExpectedScores(Rows)));
    }

    [Test]
    public async Task A_slot_before_the_cursor_takes_nothing_back()
    {
        await using var job = await ChurnAsync();
        await SpreadOverHoursAsync();
        await RunSlotAsync(job, Hour(2), trigger: Trigger.Catchup);

        await RunSlotAsync(job, Hour(1), trigger: Trigger.Catchup);

        var run = await job.Catalog.ReadAsync(2, default);
        Assert.That((run.WindowFrom, run.WindowTo, run.RowsRead), Is.EqualTo((Text(2), Text(2), 0)));
        Assert.That(await Database.ScalarAsync<string>("SELECT next_from FROM scoring.jobs"), Is.EqualTo(Text(2)));
    }

    [Test]
    public async Task A_run_that_catches_up_keeps_to_its_window_when_it_is_taken_up_again()
    {
        await using var job = await ChurnAsync();
        await SpreadOverHoursAsync();
        using var stop = new CancellationTokenSource();
        await Assert.CatchAsync<OperationCanceledException>(async () => await job.Runner.RunSlotAsync(
            job.Job, Request(Hour(1), "node 1", Trigger.Catchup), partitions: 1, new AfterChunk(stop.Cancel), stop.Token));

        await RunSlotAsync(job, Hour(2), trigger: Trigger.Catchup);

        var runs = await Database.QueryAsync<(string State, long Rows)>("SELECT state, rows_scored FROM scoring.runs ORDER BY run_id");
        Assert.That(runs, Is.EqualTo(new[] { ("published", 60L), ("published", 60L) }), "the open run is finished first, then the slot has its own");
    }

    [Test]
    public async Task Nothing_is_planned_past_a_run_that_fails_again()
    {
        await using var job = await ChurnAsync();
        await Database.ExecuteAsync("ALTER TABLE scoring.job_predictions ADD CHECK (customer_id < 100101)");
        var (first, failed) = (await RunSlotAsync(job, Hour(1))).GetValueOrDefault();
        Assert.That((first, failed.ExitCode), Is.EqualTo((1L, ExitCode.Failed)));

        var second = await RunSlotAsync(job, Hour(2));

        Assert.That((second?.RunId, second?.End.ExitCode), Is.EqualTo((1L, ExitCode.Failed)));
        Assert.That(await RunSlots.LastAsync(Database.DataSource, "job", default), Is.EqualTo(Hour(1)));
    }

    [Test]
    public async Task Who_assists_leaves_a_run_alone_that_is_over_or_was_cancelled()
    {
        await using var job = await ChurnAsync();
        using var stop = new CancellationTokenSource();
        await Assert.CatchAsync<OperationCanceledException>(async () => await job.RunAsync(partitions: 1, new AfterChunk(stop.Cancel), cancellationToken: stop.Token));

        await job.Cancellation.CancelAsync(1, default);
        Assert.That(await job.Runner.AssistAsync(1, 1, new Progress<RunProgress>(), default), Is.Null);
        await Database.ExecuteAsync("UPDATE scoring.runs SET state = 'planned'");
        Assert.That(await job.Runner.AssistAsync(1, 1, new Progress<RunProgress>(), default), Is.EqualTo(new RunEnd(ExitCode.Done, null)));
        Assert.That(await CustomersTable.ScoresAsync(Database), Is.EqualTo(CustomersTable.ExpectedScores(Rows)));
    }

    private static DateTimeOffset Hour(double hour) => new DateTimeOffset(2025, 6, 1, 0, 0, 0, TimeSpan.Zero).AddHours(hour);

    private static string Text(double hour) => Hour(hour).ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", System.Globalization.CultureInfo.InvariantCulture);

    private static RunRequest Request(DateTimeOffset slot, string node, Trigger trigger) => new(trigger) { Slot = slot, FiredBy = "every 1 h", Node = node };

    private static Task<(long RunId, RunEnd End)?> RunSlotAsync(TestJob job, DateTimeOffset slot, string node = "node 1", Trigger trigger = Trigger.Schedule) =>
        job.Runner.RunSlotAsync(job.Job, Request(slot, node, trigger), partitions: 1, new Progress<RunProgress>(), default);

    // A row a minute.
    private Task SpreadOverHoursAsync() => Database.ExecuteAsync(
        "UPDATE customers SET updated_at = @start + (customer_id - @first) * interval '1 minute'", new { start = Hour(0).UtcDateTime, first = CustomersTable.FirstId });

    private async Task<TestJob> ChurnAsync()
    {
        await CustomersTable.CreateAsync(Database, Rows);
        var job = await TestJob.CreateAsync(Database, "churn", CustomersTable.Source);
        job.Definition = job.Definition with { Work = new JobWork { ChunkRows = 25 } };
        return await job.AppliedAsync();
    }

    private sealed class AfterChunk(Action act) : IProgress<RunProgress>
    {
        public void Report(RunProgress value) => act();
    }
}

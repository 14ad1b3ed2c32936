using BatchScorer.Runs;
using BatchScorer.Sources;
using BatchScorer.Tests.Postgres;

namespace BatchScorer.Tests.Runs;

/// <summary>When a job is due that follows the jobs orders and leads.</summary>
internal sealed class FollowedRunsTests(ServerKind kind) : DatabaseTests(kind)
{
    private static readonly string[] Followed = ["orders", "leads"];

    private TestJob orders = null!;
    private TestJob leads = null!;
    private TestJob job = null!;

    [SetUp]
    public async Task MakeJobsAsync()
    {
        await CustomersTable.CreateAsync(Database, rows: 10);
        (orders, leads, job) = (await CreateAsync("orders"), await CreateAsync("leads"), await CreateAsync("job"));
    }

    [TearDown]
    public async Task RemoveJobsAsync()
    {
        foreach (var each in new[] { orders, leads, job })
            await each.DisposeAsync();
    }

    [Test]
    public async Task It_is_due_when_each_has_published_and_again_when_each_has_published_anew()
    {
        Assert.That(await DueAsync(), Is.Null);
        await orders.RunAsync();
        Assert.That(await DueAsync(), Is.Null, "the other has not");
        await leads.RunAsync();

        var due = await DueAsync();
        Assert.That(due!.Runs, Is.EqualTo(new[] { 1, 2 }));
        Assert.That(due.Slot.UtcDateTime, Is.EqualTo(await Database.ScalarAsync<DateTime>("SELECT max(finished_at) FROM scoring.runs")));

        await FollowAsync(due);
        Assert.That(await DueAsync(), Is.Null);
        await leads.RunAsync();
        await leads.RunAsync();
        Assert.That(await DueAsync(), Is.Null, "one has, and twice, but not the other");
        await orders.RunAsync();
        Assert.That((await DueAsync())!.Runs, Is.EqualTo(new[] { 5, 6 }));
    }

    [Test]
    public async Task A_run_that_is_taken_back_or_not_at_its_end_is_no_success()
    {
        await orders.RunAsync();
        await leads.RunAsync();
        foreach (var state in new[] { "failed", "cancelled", "abandoned", "withdrawn", "running" })
        {
            await Database.ExecuteAsync("UPDATE scoring.runs SET state = @state WHERE job = 'leads'", new { state });
            Assert.That(await DueAsync(), Is.Null, state);
        }
    }

    [Test]
    public async Task A_run_over_rows_that_somebody_names_is_no_news()
    {
        await orders.RunAsync();
        await leads.RunAsync();
        await FollowAsync((await DueAsync())!);

        var backfilled = new RunRequest(Trigger.Backfill) { Window = new CursorRange("2020-01-01Z", "2030-01-01Z") };
        await orders.RunAsync(request: backfilled);
        await leads.RunAsync(request: backfilled);

        Assert.That(await DueAsync(), Is.Null);
    }

    [Test]
    public async Task One_that_it_follows_only_since_then_counts_with_its_latest_run()
    {
        await orders.RunAsync();
        await leads.RunAsync();
        await FollowAsync((await FollowedRuns.FindDueAsync(Database.DataSource, "job", ["orders"], default))!);
        await orders.RunAsync();

        Assert.That((await DueAsync())!.Runs, Is.EqualTo(new[] { 2, 4 }));
    }

    [Test]
    public async Task A_run_that_is_not_over_keeps_what_it_follows()
    {
        await orders.RunAsync();
        await leads.RunAsync();
        var due = (await DueAsync())!;
        await FollowAsync(due);
        Assert.That(await FollowedRuns.FindOpenAsync(Database.DataSource, "job", default), Is.Null);

        await Database.ExecuteAsync("UPDATE scoring.runs SET state = 'failed' WHERE job = 'job'");

        var open = await FollowedRuns.FindOpenAsync(Database.DataSource, "job", default);
        Assert.That((open!.Slot, string.Join(' ', open.Runs)), Is.EqualTo((due.Slot, "1 2")));
        Assert.That(await DueAsync(), Is.Null, "what they have published is answered for, if not yet with success");
    }

    private Task<FollowedRuns?> DueAsync() => FollowedRuns.FindDueAsync(Database.DataSource, "job", Followed, default);

    private Task FollowAsync(FollowedRuns due) => job.Runner.RunSlotAsync(
        job.Job, new RunRequest(Trigger.Schedule) { Slot = due.Slot, FollowedRuns = due.Runs }, partitions: 1, new Progress<RunProgress>(), default);

    private async Task<TestJob> CreateAsync(string name)
    {
        var created = await TestJob.CreateAsync(Database, "churn", CustomersTable.Source);
        created.Definition = created.Definition with { Name = name };
        return await created.AppliedAsync();
    }
}

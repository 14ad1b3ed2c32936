using BatchScorer.Errors;
using BatchScorer.Jobs;
using BatchScorer.Postgres;
using BatchScorer.Runs.Backfills;
using BatchScorer.Tests.Postgres;

namespace BatchScorer.Tests.Runs.Backfills;

/// <summary>What backfills say they would do.</summary>
internal sealed class BackfillPlanTests(ServerKind kind) : DatabaseTests(kind)
{
    private static readonly BackfillRequest TenDays = TestBackfills.TenDays;

    [Test]
    public async Task A_plan_has_a_window_a_day_with_its_rows_and_what_becomes_of_it()
    {
        await using var backfills = await TestBackfills.CreateAsync(Database);
        await backfills.RunAsync(TenDays with { To = "2020-01-04" });

        var plan = await backfills.PlanAsync(TenDays with { To = "2020-01-05T12:00:00+00:00" });

        Assert.That(plan.Windows.Select(window => (window.From[..10], window.Rows, window.State, window.Action)), Is.EqualTo(new[]
        {
            ("2020-01-01", 24L, WindowState.Scored, WindowAction.Leave),
            ("2020-01-02", 24L, WindowState.Scored, WindowAction.Leave),
            ("2020-01-03", 24L, WindowState.Scored, WindowAction.Leave),
            ("2020-01-04", 24L, WindowState.Missing, WindowAction.Score),
            ("2020-01-05", 12L, WindowState.Missing, WindowAction.Score),
        }));
        Assert.That(plan.Windows.SelectMany(window => window.Models).Distinct(), Is.EqualTo(new[] { $"model {plan.Model.Version}" }));
        Assert.That((plan.Rows, plan.Windows[^1].To), Is.EqualTo((36L, "2020-01-05T12:00:00.000000Z")));
        Assert.That(plan.Estimate, Has.Property(nameof(BackfillEstimate.Runs)).EqualTo(3).And.Property(nameof(BackfillEstimate.Bytes)).Positive);
    }

    [Test]
    public async Task All_and_stale_score_again_what_another_model_scored()
    {
        await using var backfills = await TestBackfills.CreateAsync(Database);
        await backfills.RunAsync(TenDays with { To = "2020-01-03" });
        var unchanged = await backfills.PlanAsync(TenDays with { Only = WindowChoice.Stale });
        backfills.Promote();

        var stale = await backfills.PlanAsync(TenDays with { Only = WindowChoice.Stale, NewestFirst = true });
        var all = await backfills.PlanAsync(TenDays with { Only = WindowChoice.All });

        Assert.That(unchanged.Chosen(), Is.Empty);
        Assert.That(stale.Chosen().Select(window => (window.From[..10], window.Action)), Is.EqualTo(new[] { ("2020-01-02", WindowAction.ScoreAgain), ("2020-01-01", WindowAction.ScoreAgain) }));
        Assert.That(all.Chosen().Select(window => window.Action), Is.EqualTo(Enumerable.Repeat(WindowAction.ScoreAgain, 2).Concat(Enumerable.Repeat(WindowAction.Score, 8))));
    }

    [Test]
    public async Task A_window_is_stale_too_when_a_row_in_it_has_no_outcome_as_it_is_now()
    {
        await using var backfills = await TestBackfills.CreateAsync(Database);
        await Database.ExecuteAsync("UPDATE customers SET auto_pay = NULL WHERE customer_id = 100003");
        await backfills.RunAsync(TenDays with { To = "2020-01-04" });
        // One row is new in the second day; one has left the first day, and what is left there has its outcome, if only a rejection.
        await Database.ExecuteAsync("UPDATE customers SET updated_at = '2020-01-02 03:30Z' WHERE customer_id = 100002");

        Assert.That((await backfills.PlanAsync(TenDays with { Only = WindowChoice.Stale })).Chosen().Select(window => (window.From[..10], window.Rows)), Is.EqualTo(new[] { ("2020-01-02", 25L) }));
        Assert.That((await backfills.PlanAsync(TenDays)).Windows[1].State, Is.EqualTo(WindowState.Scored), "the source is not asked where it makes no difference");
    }

    [Test]
    public async Task Planning_writes_nothing()
    {
        await using var backfills = await TestBackfills.CreateAsync(Database);
        await backfills.Job.RunAsync();
        backfills.Promote();
        var before = await EverythingAsync();

        await backfills.PlanAsync(TenDays with { Only = WindowChoice.All });

        Assert.That(await EverythingAsync(), Is.EqualTo(before));
    }

    [Test]
    public async Task The_hash_tells_in_which_part_a_plan_has_changed()
    {
        await using var backfills = await TestBackfills.CreateAsync(Database);
        var first = (await backfills.PlanAsync(TenDays)).Hash;
        Assert.That((await backfills.PlanAsync(TenDays with { NewestFirst = true })).Hash, Is.EqualTo(first), "the order changes nothing");

        await Database.ExecuteAsync("UPDATE customers SET updated_at = updated_at + interval '1 day' WHERE customer_id = 100001");
        Assert.That(Differing(first, (await backfills.PlanAsync(TenDays)).Hash), Is.EqualTo(new[] { 3 }), "rows");
        await Database.ExecuteAsync("UPDATE customers SET updated_at = updated_at - interval '1 day' WHERE customer_id = 100001");

        backfills.Job.Definition = backfills.Job.Definition with { Source = backfills.Job.Definition.Source with { Filter = "true" } };
        Assert.That(Differing(first, (await backfills.PlanAsync(TenDays)).Hash), Is.EqualTo(new[] { 0 }), "job");
        backfills.Job.Definition = backfills.Job.Definition with { Source = backfills.Job.Definition.Source with { Filter = null } };

        backfills.Promote();
        Assert.That(Differing(first, (await backfills.PlanAsync(TenDays)).Hash), Is.EqualTo(new[] { 1 }), "model");
        await backfills.RunAsync(TenDays with { To = "2020-01-02" });
        Assert.That(Differing(first, (await backfills.PlanAsync(TenDays)).Hash), Is.EqualTo(new[] { 1, 2, 3 }), "windows");
    }

    [Test]
    public async Task A_range_in_which_rows_may_still_be_committed_is_refused_with_the_end_that_will_do()
    {
        await using var backfills = await TestBackfills.CreateAsync(Database);

        Assert.That(async () => await backfills.PlanAsync(TenDays with { To = "9000-01-01", Every = null }), Throws.TypeOf<BatchScorerException>()
            .With.Property(nameof(BatchScorerException.ExitCode)).EqualTo(ExitCode.Usage)
            .And.Message.StartsWith("--to is 9000-01-01T00:00:00.000000Z, and rows below it may still be committed").And.Message.Contains("nothing is settled beyond 20"));
    }

    [Test]
    public async Task With_an_integer_cursor_what_the_jobs_runs_have_passed_is_settled_whatever_is_open()
    {
        await Database.ExecuteAsync("CREATE TABLE numbered (id integer PRIMARY KEY, features real[]); INSERT INTO numbered SELECT n, array_fill(n::real, ARRAY[8]) FROM generate_series(1, 100) AS n");
        await using var job = await TestJob.CreateAsync(Database, "vector_input_fasttree", new JobSource { Table = new QualifiedName("public", "numbered"), Key = ["id"], Cursor = "id" });
        await job.AppliedAsync();
        await using var backfills = await TestBackfills.OverAsync(Database, job);
        var request = new BackfillRequest { From = "1", To = "101", Every = "30", Only = WindowChoice.All };
        await using (var writer = await Database.DataSource.OpenConnectionAsync())
        {
            await using var transaction = await writer.BeginTransactionAsync();
            await new Npgsql.NpgsqlCommand("SELECT 1", writer).ExecuteNonQueryAsync();
            Assert.That(async () => await backfills.PlanAsync(request), Throws.TypeOf<BatchScorerException>().With.Message.Contains("nothing is settled yet (pid"));
        }

        await job.RunAsync();
        await using (var writer = await Database.DataSource.OpenConnectionAsync())
        {
            await using var transaction = await writer.BeginTransactionAsync();
            await new Npgsql.NpgsqlCommand("SELECT 1", writer).ExecuteNonQueryAsync();
            Assert.That((await backfills.PlanAsync(request)).Windows.Select(window => (window.From, window.To, window.Rows, window.State)), Is.EqualTo(new[]
            {
                ("1", "31", 30L, WindowState.Scored), ("31", "61", 30L, WindowState.Scored), ("61", "91", 30L, WindowState.Scored), ("91", "101", 10L, WindowState.Scored),
            }));
        }

        var (backfill, _) = await backfills.RunAsync(request);
        Assert.That((backfill.State, backfill.RowsRead), Is.EqualTo(("succeeded", 100L)));
    }

    [Test]
    public async Task A_job_without_a_cursor_has_no_windows()
    {
        await CustomersTable.CreateAsync(Database, 5);
        await using var job = await TestJob.CreateAsync(Database, "churn", CustomersTable.Source with { Cursor = null });
        await using var backfills = await TestBackfills.OverAsync(Database, job);

        Assert.That(async () => await backfills.PlanAsync(TenDays), Throws.TypeOf<BatchScorerException>().With.Message.StartsWith("Job job has the mode \"all\" and no windows"));
    }

    /// <summary>Every row and every relation there is, and what sequences have given out.</summary>
    private async Task<IReadOnlyList<string>> EverythingAsync()
    {
        var tables = await Database.QueryAsync<string>("SELECT oid::regclass::text FROM pg_class WHERE relkind IN ('r', 'p', 'v') AND relnamespace IN ('scoring'::regnamespace, 'public'::regnamespace) ORDER BY 1");
        var contents = new List<string>(tables);
        foreach (var table in tables)
            contents.Add(await Database.ScalarAsync<string>($"SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {table} AS t") + table);
        contents.AddRange(await Database.QueryAsync<string>("SELECT sequencename || last_value FROM pg_sequences WHERE last_value IS NOT NULL ORDER BY 1"));
        return contents;
    }

    private static IEnumerable<int> Differing(string first, string second)
    {
        var (left, right) = (first.Split('-'), second.Split('-'));
        return Enumerable.Range(0, 4).Where(part => left[part] != right[part]);
    }
}

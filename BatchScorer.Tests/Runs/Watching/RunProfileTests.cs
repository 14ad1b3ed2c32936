using BatchScorer.Errors;
using BatchScorer.Jobs;
using BatchScorer.Runs;
using BatchScorer.Registry.References;
using BatchScorer.Runs.Watching;
using BatchScorer.Sources;
using BatchScorer.Tests.Postgres;
using BatchScorer.Tests.Predictions;

namespace BatchScorer.Tests.Runs.Watching;

internal sealed class RunProfileTests(ServerKind kind) : DatabaseTests(kind)
{
    [Test]
    public async Task A_run_is_profiled_as_the_server_counts_whatever_its_chunks()
    {
        await CustomersTable.CreateAsync(Database, 3000);
        await Database.ExecuteAsync("UPDATE customers SET seat_utilization = NULL WHERE customer_id % 7 = 0");
        await using var job = await (await TestJob.CreateAsync(Database, "churn", CustomersTable.Source)).AppliedAsync();
        await RunAsync(job, chunkRows: 3000);
        await RunAsync(job, chunkRows: 113);
        var bytes = await Database.QueryAsync<byte[]>("SELECT profile FROM scoring.run_profiles ORDER BY side, column_name, run_id");

        Assert.That(bytes.Where((_, i) => i % 2 == 0), Is.EqualTo(bytes.Where((_, i) => i % 2 == 1)));
        Assert.That(await Database.ScalarAsync<bool>(
            """
            SELECT bool_and(rows = 3000 AND nulls = (SELECT count(*) FROM customers WHERE seat_utilization IS NULL) AND abs(mean - (SELECT avg(seat_utilization::float8) FROM customers)) < 1e-12
                   AND abs(standard_deviation - (SELECT stddev_pop(seat_utilization::float8) FROM customers)) < 1e-12
                   AND least = (SELECT min(seat_utilization) FROM customers) AND greatest = (SELECT max(seat_utilization) FROM customers))
            FROM scoring.column_profiles WHERE job = 'job' AND column_name = 'SeatUtilization'
            """), Is.True);
        Assert.That(await Database.ScalarAsync<bool>(
            """
            SELECT bool_and((categories->'named'->0->>'value', (categories->'named'->0->>'rows')::bigint)
                = (SELECT plan, count(*) FROM customers GROUP BY plan ORDER BY count(*) DESC LIMIT 1))
            FROM scoring.column_profiles WHERE column_name = 'Plan'
            """), Is.True);
        Assert.That(await Database.ScalarAsync<bool>(
            "SELECT bool_and(rows = 3000 AND abs(mean - (SELECT avg(score::float8) FROM scoring.job_latest)) < 1e-12) FROM scoring.column_profiles WHERE side = 'output' AND column_name = 'Score'"), Is.True);
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.chunk_profiles"), Is.Zero);
        Assert.That(await Uncommented.FindAsync(Database), Is.Empty);
    }

    [Test]
    public async Task Rejected_rows_are_in_no_profile_and_bad_ones_leave_nothing_behind()
    {
        await CustomersTable.CreateAsync(Database, 200);
        await Database.ExecuteAsync(
            """
            UPDATE customers SET auto_pay = NULL WHERE customer_id IN (100003, 100140);
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION USING ERRCODE = '22003', MESSAGE = 'not this one'; END $$;
            """);
        await using var job = await (await TestJob.CreateAsync(Database, "churn", CustomersTable.Source)).AppliedAsync();
        await Database.ExecuteAsync("CREATE TRIGGER refuse BEFORE INSERT ON scoring.job_predictions FOR EACH ROW WHEN (NEW.customer_id IN (100010, 100077)) EXECUTE FUNCTION refuse()");
        var run = await RunAsync(job, chunkRows: 50);

        Assert.That((run.RowsScored, run.RowsRejected), Is.EqualTo((196, 4)));
        Assert.That(await Database.ScalarAsync<bool>(
            """
            SELECT bool_and(rows = 196) AND bool_or(column_name = 'TenureMonths' AND abs(mean - (
                SELECT avg(tenure_months) FROM customers WHERE customer_id NOT IN (100003, 100140, 100010, 100077))) < 1e-9)
            FROM scoring.run_profiles
            """), Is.True);
    }

    [Test]
    public async Task A_job_that_does_not_want_it_is_not_profiled()
    {
        await CustomersTable.CreateAsync(Database, 20);
        await using var job = await (await TestJob.CreateAsync(Database, "churn", CustomersTable.Source)).AppliedAsync();
        job.Definition = job.Definition with { Watch = new JobWatch { Profile = false } };
        await job.RunAsync();
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.run_profiles"), Is.Zero);
    }

    [Test]
    public async Task A_run_of_which_some_chunks_have_no_profile_has_none()
    {
        await CustomersTable.CreateAsync(Database, 100);
        await using var job = await (await TestJob.CreateAsync(Database, "churn", CustomersTable.Source)).AppliedAsync();
        await Database.ExecuteAsync(
            """
            CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
            CREATE TRIGGER lose BEFORE INSERT ON scoring.chunk_profiles FOR EACH ROW WHEN (NEW.chunk_no = 1) EXECUTE FUNCTION lose()
            """);
        var run = await RunAsync(job, chunkRows: 50);
        Assert.That((run.State, await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.run_profiles")), Is.EqualTo(("published", 0L)));
    }

    [Test]
    public async Task A_run_that_drifts_says_where_since_when_and_what_to_look_at()
    {
        await CustomersTable.CreateAsync(Database, 5000);
        await using var job = await (await TestJob.CreateAsync(Database, "churn", CustomersTable.Source)).AppliedAsync();
        await RunAsync(job);
        await RunAsync(job);
        await Database.ExecuteAsync("UPDATE customers SET tenure_months = tenure_months + 12; UPDATE customers SET plan = 'gratis' WHERE customer_id % 2 = 0");
        await RunAsync(job);
        await RunAsync(job);
        await using var database = await BatchScorer.Postgres.Database.OpenAsync(Database.ConnectionString, default);
        var report = await new DriftCatalog(database).ReadAsync("job", null, default);

        Assert.That(report.RunId, Is.EqualTo(4));
        var drifted = report.Columns.Where(column => column is { Drifted: true, Side: "input" }).ToList();
        Assert.That(drifted.Select(column => column.Column), Is.EquivalentTo(new[] { "Plan", "TenureMonths" }));
        Assert.That(drifted.SelectMany(column => column.Measures).Where(measure => measure.Drifted), Is.All.Matches<DriftRecord>(measure => measure is { Against: "first", AgainstRun: 1, Limit: 0.1, Detail: not null }));
        var added = drifted.Single(column => column.Column == "Plan").Measures.Single(measure => measure is { Measure: "new_categories", Against: "first" });
        Assert.That((added.Value, added.Detail), Is.EqualTo((0.5, "1 new value(s): \"gratis\" (2,500 rows)")));
        Assert.That(added.Since, Is.EqualTo(await Database.ScalarAsync<DateTime>("SELECT finished_at FROM scoring.runs WHERE run_id = 3")));
        Assert.That(report.Columns.Select(column => column.Measures[0].Excess()), Is.Ordered.Descending);

        var third = await new DriftCatalog(database).ReadAsync("job", 3, default);
        Assert.That(third.Columns.SelectMany(column => column.Measures).Where(measure => measure.Drifted).Select(measure => (measure.Against, measure.AgainstRun)).Distinct(),
            Is.EquivalentTo(new[] { ("first", (long?)1), ("previous", 2) }));
    }

    [Test]
    public async Task The_jobs_own_limits_go_before_others_and_a_reference_before_the_first_run()
    {
        await CustomersTable.CreateAsync(Database, 3000);
        await using var job = await (await TestJob.CreateAsync(Database, "churn", CustomersTable.Source)).AppliedAsync();
        job.Definition = job.Definition with
        {
            Watch = new JobWatch { Drift = new JobDriftLimits { Psi = 0.5 }, Columns = new Dictionary<string, JobDriftLimits> { ["TenureMonths"] = new() { Psi = 30, Wasserstein = 40 } } },
        };
        await RunAsync(job);
        await using (var connection = await Database.DataSource.OpenConnectionAsync())
        {
            var profile = await RunProfiles.ReadAsync(connection, 1, default);
            await ReferenceProfiles.TryAddAsync(connection, (await job.ReadAsync(1)).Manifest.Model.Sha256, profile!, default);
        }

        await RunAsync(job);
        Assert.That(await Database.QueryAsync<string>("SELECT DISTINCT concat_ws(' ', against, against_run) FROM scoring.run_drift WHERE run_id = 2 ORDER BY 1"), Is.EqualTo(new[] { "previous 1", "reference" }));
        Assert.That(
            await Database.QueryAsync<string>("SELECT concat_ws(' ', column_name, measure, limit_value) FROM scoring.run_drift WHERE run_id = 2 AND against = 'reference' AND measure IN ('psi', 'wasserstein') AND column_name IN ('TenureMonths', 'NpsScore') ORDER BY 1"),
            Is.EqualTo(new[] { "NpsScore psi 0.5", "NpsScore wasserstein 0.1", "TenureMonths psi 30", "TenureMonths wasserstein 40" }));
    }

    [Test]
    public async Task After_five_calm_runs_a_limit_follows_from_them()
    {
        await CustomersTable.CreateAsync(Database, 2500);
        await using var job = await (await TestJob.CreateAsync(Database, "churn", CustomersTable.Source)).AppliedAsync();
        for (var i = 0; i < 7; i++)
            await RunAsync(job);
        Assert.That(await Database.QueryAsync<double>("SELECT DISTINCT limit_value FROM scoring.run_drift WHERE measure = 'psi' AND against = 'first' AND run_id = 6 AND limit_value IS NOT NULL"), Is.EqualTo(new[] { 0.1 }));
        Assert.That(await Database.QueryAsync<double>("SELECT DISTINCT limit_value FROM scoring.run_drift WHERE measure = 'psi' AND against = 'first' AND run_id = 7 AND limit_value IS NOT NULL"), Is.EqualTo(new[] { 0.02 }));
    }

    [Test]
    public async Task Few_rows_are_compared_but_never_called_drift()
    {
        await CustomersTable.CreateAsync(Database, 1500);
        await using var job = await (await TestJob.CreateAsync(Database, "churn", CustomersTable.Source)).AppliedAsync();
        await RunAsync(job);
        await Database.ExecuteAsync("DELETE FROM customers WHERE customer_id > 100100; UPDATE customers SET tenure_months = 999");
        await RunAsync(job);
        Assert.That(await Database.ScalarAsync<string>("SELECT concat_ws(' ', count(*) > 0, bool_or(drifted), count(limit_value)) FROM scoring.run_drift WHERE run_id = 2"), Is.EqualTo("t f 0"));
    }

    [Test]
    public async Task What_is_watched_goes_with_its_run()
    {
        await CustomersTable.CreateAsync(Database, 1200);
        await using var job = await (await TestJob.CreateAsync(Database, "churn", CustomersTable.Source)).AppliedAsync();
        await RunAsync(job);
        await RunAsync(job);
        await Database.ExecuteAsync("DELETE FROM scoring.runs WHERE run_id = 2");
        Assert.That(await Database.ScalarAsync<string>("SELECT concat_ws(' ', (SELECT count(*) FROM scoring.run_profiles WHERE run_id = 2), (SELECT count(*) FROM scoring.run_drift WHERE run_id = 2))"), Is.EqualTo("0 0"));
    }

    [Test]
    public async Task A_column_that_the_model_does_not_have_is_told_with_the_nearest_one()
    {
        await CustomersTable.CreateAsync(Database, 10);
        await using var job = await TestJob.CreateAsync(Database, "churn", CustomersTable.Source);
        job.Definition = job.Definition with { Watch = new JobWatch { Columns = new Dictionary<string, JobDriftLimits> { ["TenureMonth"] = new() } } };
        Assert.That(async () => await job.AppliedAsync(), Throws.TypeOf<BatchScorerException>().With.Message.Contains(
            "watch.columns.TenureMonth: the model has neither an input nor an output \"TenureMonth\", did you mean \"TenureMonths\"?"));
    }

    private static async Task<RunRecord> RunAsync(TestJob job, int chunkRows = 1000)
    {
        job.Definition = job.Definition with { Work = new JobWork { ChunkRows = chunkRows } };
        // A window that is given takes all rows each time.
        var (run, end) = await job.RunAsync(request: new RunRequest(Trigger.Manual) { Window = new CursorRange("2000-01-01T00:00:00Z", "2100-01-01T00:00:00Z") });
        Assert.That(end.Error, Is.Null);
        return run;
    }
}

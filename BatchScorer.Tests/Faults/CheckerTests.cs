using Dapper;

namespace BatchScorer.Tests.Faults;

/// <summary>The invariants find what a bug would leave behind; without that, finding nothing would mean nothing.</summary>
[Parallelizable(ParallelScope.All)]
internal sealed class CheckerTests
{
    private const string OneRow = "(SELECT min(customer_id) FROM scoring.churn_predictions WHERE chunk_no = 3)";

    /// <summary>Defects of a run that has done all but its last chunk.</summary>
    private static readonly TestCaseData[] DefectsOfAnOpenRun =
    [
        new TestCaseData("UPDATE scoring.runs SET state = 'published'; INSERT INTO scoring.run_publications SELECT run_id, now() FROM scoring.runs",
            "a row of a published run's window has one outcome there, as it was or newer").SetArgDisplayNames("Published before its last chunk"),
        new TestCaseData("INSERT INTO scoring.run_publications SELECT run_id, now() FROM scoring.runs",
            "analysts see nothing of a run that is not published").SetArgDisplayNames("Shown early"),
        new TestCaseData("UPDATE scoring.chunks SET state = 'pending' WHERE chunk_no = 3",
            "a chunk's counts are those of the tables, and nothing is there of one that is not done").SetArgDisplayNames("Written without being marked"),
        new TestCaseData("DELETE FROM scoring.churn_predictions WHERE chunk_no = 3",
            "a chunk's counts are those of the tables, and nothing is there of one that is not done").SetArgDisplayNames("Marked without being written"),
    ];

    /// <summary>Defects of a run that has been published.</summary>
    private static readonly TestCaseData[] DefectsOfAPublishedRun =
    [
        new TestCaseData("DELETE FROM scoring.churn_predictions WHERE chunk_no = 3; DELETE FROM scoring.rejected_rows WHERE chunk_no = 3; DELETE FROM scoring.chunks WHERE chunk_no = 3",
            "a row of a published run's window has one outcome there, as it was or newer").SetArgDisplayNames("A chunk dropped, without a trace"),
        new TestCaseData($"DELETE FROM scoring.churn_predictions WHERE customer_id = {OneRow}",
            "a row has an outcome").SetArgDisplayNames("A row lost"),
        new TestCaseData(
            $"""
            INSERT INTO scoring.rejected_rows (run_id, key, job, chunk_no, reason, source_cursor, "row")
            SELECT run_id, jsonb_build_object('customer_id', customer_id), 'churn', chunk_no, 'invented', source_cursor, '[]'
            FROM scoring.churn_predictions WHERE customer_id = {OneRow}
            """,
            "a key has one outcome in a run").SetArgDisplayNames("A row both scored and rejected"),
        new TestCaseData(
            """
            ALTER TABLE scoring.churn_predictions DROP CONSTRAINT churn_predictions_pkey;
            INSERT INTO scoring.churn_predictions SELECT * FROM scoring.churn_predictions WHERE chunk_no = 3
            """,
            "a key has one outcome in a run").SetArgDisplayNames("A chunk scored twice"),
        new TestCaseData($"UPDATE scoring.churn_predictions SET score = score * 1.0000002 WHERE customer_id = {OneRow}",
            "a score is that of the run's one model, undisturbed").SetArgDisplayNames("A score off by its last bits"),
        new TestCaseData(
            """
            UPDATE scoring.churn_predictions AS prediction SET score = reference.score FROM reference
            WHERE chunk_no = 3 AND reference.golden_id = prediction.golden_id AND model_sha256 NOT IN (SELECT model_sha256 FROM scoring.runs)
            """,
            "a score is that of the run's one model, undisturbed").SetArgDisplayNames("A chunk scored with another model"),
        new TestCaseData("UPDATE scoring.churn_predictions SET source_cursor = source_cursor - interval '1 second' WHERE chunk_no = 3",
            "an outcome is that of the row as it was at its cursor").SetArgDisplayNames("A cursor that the row never had"),
        new TestCaseData("UPDATE scoring.runs SET rows_scored = rows_scored + 1",
            "a published run's counts are those of its chunks").SetArgDisplayNames("A count too many"),
        new TestCaseData("DELETE FROM scoring.run_publications",
            "a run is shown once it is published, and not before").SetArgDisplayNames("Published and not shown"),
        new TestCaseData("CREATE TABLE scoring.source_of_run_1 ()",
            "nothing staged is left over").SetArgDisplayNames("Staged rows left over"),
        new TestCaseData("UPDATE scoring.models SET content = content || '\\x00'",
            "a run's model is the one its manifest froze, byte by byte").SetArgDisplayNames("A model file replaced"),
        new TestCaseData("SELECT become(100500, 100600); UPDATE scoring.jobs SET next_from = (now() + interval '1 second')::text",
            "a row's newest outcome is that of the row as it is").SetArgDisplayNames("A row passed by"),
        new TestCaseData("SELECT become(100500, 100600)", "a row is below the job's cursor").SetArgDisplayNames("A row left to a later run"),
        new TestCaseData($"UPDATE scoring.runs SET trigger = 'backfill', continuing = false, window_from = '2026-01-01Z'; DELETE FROM scoring.churn_predictions WHERE customer_id = {OneRow}",
            "a row in a published backfill's window has its outcome there").SetArgDisplayNames("A row of a backfill lost"),
        new TestCaseData("UPDATE scoring.runs SET state = 'withdrawn'", "a run is shown once it is published, and not before").SetArgDisplayNames("Withdrawn and shown"),
    ];

    /// <summary>Defects of a published run over other sources than a table with a timestamp.</summary>
    private static readonly TestCaseData[] DefectsByKind =
    [
        new TestCaseData(SourceKind.IntegerCursor, "UPDATE scoring.churn_predictions SET source_cursor = source_cursor - 1 WHERE chunk_no = 3",
            "an outcome is that of the row as it was at its cursor").SetArgDisplayNames("An integer cursor that the row never had"),
        new TestCaseData(SourceKind.Query, "DELETE FROM scoring.churn_predictions WHERE chunk_no = 3",
            "a row of a published run's window has one outcome there, as it was or newer").SetArgDisplayNames("A chunk of staged rows lost"),
        new TestCaseData(SourceKind.All, $"DELETE FROM scoring.churn_predictions WHERE customer_id = {OneRow}",
            "a published run over all rows has an outcome for each that was there").SetArgDisplayNames("A row of all lost"),
        new TestCaseData(SourceKind.All, "SELECT become(100500, 100600)",
            "a row's newest outcome is that of the row as it is").SetArgDisplayNames("A row of all as it was"),
        new TestCaseData(SourceKind.Unscored, $"DELETE FROM scoring.churn_predictions WHERE customer_id = {OneRow}",
            "a row has an outcome").SetArgDisplayNames("A row still without an outcome"),
        new TestCaseData(SourceKind.Unscored,
            """
            ALTER TABLE scoring.runs ALTER model_name DROP EXPRESSION, ALTER model_version DROP EXPRESSION,
                ALTER challenger_name DROP EXPRESSION, ALTER challenger_version DROP EXPRESSION, ALTER challenger_sha256 DROP EXPRESSION;
            INSERT INTO scoring.runs OVERRIDING SYSTEM VALUE SELECT (jsonb_populate_record(run, '{"run_id": 1000}')).* FROM scoring.runs AS run;
            INSERT INTO scoring.churn_predictions SELECT (jsonb_populate_record(prediction, '{"run_id": 1000}')).* FROM scoring.churn_predictions AS prediction WHERE chunk_no = 3
            """,
            "a row has one outcome in all the runs over rows without one").SetArgDisplayNames("Rows scored by two runs"),
    ];

    [TestCaseSource(nameof(DefectsOfAnOpenRun))]
    public Task A_defect_of_an_open_run_is_found(string defect, string invariant) =>
        FindsAsync(SourceKind.Table, "after-commit:7", "always_broken", defect, invariant);

    [TestCaseSource(nameof(DefectsOfAPublishedRun))]
    public Task A_defect_of_a_published_run_is_found(string defect, string invariant) =>
        FindsAsync(SourceKind.Table, null, "broken_in_the_end", defect, invariant);

    [TestCaseSource(nameof(DefectsByKind))]
    public Task A_defect_of_a_run_over_another_source_is_found(SourceKind source, string defect, string invariant) =>
        FindsAsync(source, null, "broken_in_the_end", defect, invariant);

    [Test]
    public Task A_change_that_began_first_and_had_to_wait_is_no_defect() => FaultServers.UseAsync(async server =>
    {
        await using var job = await FaultedJob.CreateAsync(server, SourceKind.Table, onSmallDisk: false);
        await using (var first = await job.Database.DataSource.OpenConnectionAsync())
        {
            await first.ExecuteAsync("BEGIN; SELECT now()");
            await job.Database.ExecuteAsync("SELECT become(100500, 100600)");
            await first.ExecuteAsync("SELECT become(100500, 100601); COMMIT");
        }

        // The bound stays a second behind the clock.
        await Task.Delay(TimeSpan.FromSeconds(1.1));
        await using (var process = job.Start("worker", null, null, "run", "churn"))
            Assert.That(await process.EndAsync(), Is.Zero, process.Errors);

        Assert.That(await job.QueryAsync<(string, string)>("SELECT invariant, breach FROM invariants.broken_in_the_end"), Is.Empty);
        return true;
    });

    private static Task<bool> FindsAsync(SourceKind source, string? killedAt, string view, string defect, string invariant) => FaultServers.UseAsync(async server =>
    {
        await using var job = await FaultedJob.CreateAsync(server, source, onSmallDisk: false);
        await using (var process = job.Start("worker", null, killedAt, "run", "churn", "--partitions", "1"))
        {
            if (killedAt is not null)
            {
                await process.HeldAsync();
                await process.SignalAsync("KILL");
            }

            Assert.That(await process.EndAsync(), Is.EqualTo(killedAt is null ? 0 : 137), process.Errors);
        }

        var broken = $"SELECT DISTINCT invariant FROM invariants.{view}";
        Assert.That(await job.QueryAsync<string>(broken), Is.Empty, "nothing is wrong before");
        await job.Database.ExecuteAsync(defect);
        Assert.That(await job.QueryAsync<string>(broken), Does.Contain(invariant));
        return true;
    });
}

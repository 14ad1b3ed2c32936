using BatchScorer.Jobs;
using BatchScorer.Tests.Postgres;
using BatchScorer.Tests.Runs;

namespace BatchScorer.Tests.Reports;

/// <summary>A job with two published runs, the second of which had trouble of every kind, and texts that nobody means well.</summary>
internal static class ReportedJob
{
    public const string Attack = "</td><script>alert('x')</script><img src=\"//evil.example\" onerror=alert(1)>";

    /// <summary>Runs it twice: 100 rows, then 60 of them again, of which one is rejected, in chunks of 10, of which one fails twice.</summary>
    public static async Task<TestJob> RunTwiceAsync(TestDatabase database)
    {
        await CustomersTable.CreateAsync(database, 100);
        var job = await TestJob.CreateAsync(database, "churn", CustomersTable.Source);
        job.Definition = job.Definition with { Description = $"Customers likely to leave {Attack}", Work = new JobWork { ChunkRows = 10 } };
        await job.AppliedAsync();
        await job.RunAsync();
        await database.ExecuteAsync(
            """
            UPDATE customers SET updated_at = now() WHERE customer_id > 100040;
            UPDATE customers SET auto_pay = NULL WHERE customer_id = 100050;
            CREATE SEQUENCE troubles;
            CREATE FUNCTION trouble() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF nextval('troubles') <= 2 THEN
                    RAISE EXCEPTION USING ERRCODE = '40001', MESSAGE = 'trouble <script>';
                END IF;
                RETURN NEW;
            END $$;
            CREATE TRIGGER trouble BEFORE UPDATE ON scoring.chunks FOR EACH ROW WHEN (NEW.state = 'done' AND NEW.chunk_no = 1) EXECUTE FUNCTION trouble();
            """);
        var (run, _) = await job.RunAsync();
        Assert.That((run.RunId, run.State, run.RowsRead, run.RowsRejected), Is.EqualTo((2L, "published", 60L, 1L)), run.Error);
        // What neither a model nor a host of this machine would say by itself, and an attempt whose worker was killed.
        await database.ExecuteAsync(
            """
            ALTER TABLE scoring.job_predictions ADD label text;
            UPDATE scoring.job_predictions SET label = CASE WHEN score > 0 THEN @Attack ELSE 'stays' END;
            UPDATE scoring.chunk_attempts SET host = @Attack WHERE run_id = 2 AND chunk_no = 2;
            UPDATE scoring.rejected_rows SET reason = reason || @Attack;
            INSERT INTO scoring.chunk_attempts (run_id, chunk_no, host, process_id, backend_pid, backend_start, started_at)
            SELECT 2, 3, 'gone', 1, 1, now(), min(started_at) FROM scoring.chunk_attempts WHERE run_id = 2;
            -- Runs of a few rows are compared with nothing, and a day has no labels.
            INSERT INTO scoring.run_drift (run_id, against, side, column_name, measure, against_run, value, limit_value, drifted, detail)
            SELECT 2, 'first', side, column_name, 'psi', 1, 0.02 * place, 0.1, place >= 5, CASE WHEN place >= 5 THEN @Attack END FROM scoring.run_profiles WHERE run_id = 2;
            INSERT INTO scoring.quality (job, model_name, model_version, model_sha256, slice, window_from, window_to, metric, value, reason, labelled, computed_at)
            SELECT job, model_name, version, model_sha256, 'window', day, day + interval '7 days', metric, value - 0.01 * week, CASE WHEN value IS NULL THEN @Attack END, 1000, now()
            FROM scoring.runs, unnest('{log_loss,auc,recall}'::text[], '{0.7,0.9,NULL}'::float8[]) AS measured (metric, value), generate_series(0, 11) AS week,
                 LATERAL (SELECT '2026-03-02Z'::timestamptz + make_interval(weeks => week) AS day, CASE WHEN week < 7 THEN @Attack ELSE model_version END AS version) AS at
            WHERE run_id = 2;
            UPDATE scoring.runs SET manifest = jsonb_set(manifest, '{job,alarms}', '{"quality": {"metrics": {"auc": {"atLeast": 0.75}}}}') WHERE run_id = 2;
            """, new { Attack });
        return job;
    }
}

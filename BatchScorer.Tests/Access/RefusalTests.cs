using BatchScorer.Tests.Postgres;
using BatchScorer.Tests.Runs;

namespace BatchScorer.Tests.Access;

/// <summary>What each role may do and what it is refused, statement by statement.</summary>
internal sealed class RefusalTests(ServerKind kind) : DatabaseTests(kind)
{
    private static readonly string[] RunnerMayNot =
    [
        "CREATE TABLE scoring.mine ()",
        "CREATE TABLE public.mine ()",
        "CREATE TEMP TABLE mine ()",
        "CREATE SCHEMA mine",
        "CREATE FUNCTION scoring.mine() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
        "ALTER TABLE scoring.runs ADD COLUMN mine integer",
        "ALTER TABLE scoring.job_predictions ADD COLUMN mine integer",
        "ALTER TABLE scoring.job_predictions OWNER TO CURRENT_USER",
        "DROP TABLE scoring.job_predictions",
        "DROP VIEW scoring.job_latest",
        "TRUNCATE scoring.job_predictions",
        "DELETE FROM scoring.job_predictions",
        "UPDATE scoring.job_predictions SET score = 0",
        "DELETE FROM scoring.runs",
        "UPDATE scoring.runs SET manifest = '{}'",
        "UPDATE scoring.runs SET model_sha256 = ''",
        "UPDATE scoring.models SET content = ''",
        "DELETE FROM scoring.models",
        "UPDATE scoring.chunks SET key_from = NULL",
        "UPDATE scoring.run_publications SET shown_from = now()",
        "DELETE FROM scoring.run_publications",
        "UPDATE scoring.rejected_rows SET reason = ''",
        "DELETE FROM scoring.rejected_rows",
        "INSERT INTO scoring.jobs (name) VALUES ('mine')",
        "UPDATE scoring.roles SET role_name = 'mine'",
        "INSERT INTO scoring.migrations (number, name, checksum, applied_by) VALUES (99, '', '', '')",
        "UPDATE scoring.retention SET keep_predictions = '1 day'",
        "TRUNCATE scoring.labelled_predictions",
        "DELETE FROM scoring.labels_taken_up",
        "DELETE FROM scoring.alarms",
        "UPDATE scoring.alarms SET run_id = NULL",
        "DELETE FROM scoring.alarm_notices",
        "UPDATE scoring.alarm_notices SET url = ''",
        "SELECT scoring.grant_alarm_access(current_user, current_user)",
        "SELECT scoring.grant_access()",
        "SELECT scoring.hand_over('mine')",
        "SELECT scoring.grant_ledger_access(current_user, current_user)",
        "UPDATE scoring.model_versions SET notes = ''",
        "DELETE FROM scoring.model_promotions",
        "INSERT INTO scoring.model_promotions (name, version, reason, promoted_by) VALUES ('churn', '1', 'promote', 'ann')",
        "SELECT scoring.grant_model_access(current_user, current_user)",
        "UPDATE customers SET region = ''",
        "CREATE ROLE mine",
    ];

    private static readonly string[] RunnerMay =
    [
        "INSERT INTO scoring.model_versions (name, version, sha256, size_bytes, schema, steps, engine) VALUES ('churn', '1', repeat('a', 64), 1, '{}', '{}', ''); "
            + "INSERT INTO scoring.model_promotions (name, version, reason) VALUES ('churn', '1', 'promote')",
        "SELECT golden_rows FROM scoring.model_versions",
        "SELECT * FROM scoring.model_champions",
        "SELECT * FROM customers",
        "SELECT * FROM scoring.job_predictions",
        "SELECT \"row\" FROM scoring.rejected_rows",
        "SELECT content FROM scoring.models",
        "SELECT * FROM scoring.job_as_of(now()) JOIN scoring.job_latest USING (customer_id)",
        "SELECT * FROM scoring.run_summary",
        "SELECT * FROM scoring.window_status",
        "UPDATE scoring.runs SET state = 'withdrawn'",
        "UPDATE scoring.runs SET held_reason = NULL",
        "UPDATE scoring.alarms SET cleared_at = now()",
        "UPDATE scoring.alarm_notices SET delivered_at = now()",
        "SELECT scoring.ensure_predictions_partition('job', '2026-12-01')",
        "SELECT scoring.drop_staged_source(1)",
        "DELETE FROM scoring.labelled_predictions",
        "DELETE FROM scoring.incoming_labels",
        "DELETE FROM scoring.quality",
    ];

    private static readonly string[] AnalystMayNot =
    [
        "SELECT * FROM scoring.job_predictions",
        "SELECT * FROM scoring.runs",
        "SELECT manifest FROM scoring.runs",
        "SELECT * FROM scoring.chunks",
        "SELECT content FROM scoring.models",
        "SELECT * FROM scoring.run_publications",
        "SELECT * FROM scoring.jobs",
        "SELECT \"row\" FROM scoring.rejected_rows",
        "SELECT * FROM scoring.rejected_rows",
        "SELECT * FROM scoring.rows_taken_up",
        "SELECT * FROM scoring.alarm_notices",
        "UPDATE scoring.alarms SET cleared_at = now()",
        "SELECT * FROM scoring.retention",
        "SELECT * FROM scoring.labelled_predictions",
        "SELECT * FROM scoring.incoming_labels",
        "SELECT * FROM scoring.labels_taken_up",
        "DELETE FROM scoring.quality",
        "SELECT * FROM scoring.drop_expired_predictions('job')",
        "SELECT scoring.forget_expired_runs('job')",
        "SELECT golden_rows FROM scoring.model_versions",
        "INSERT INTO scoring.model_promotions (name, version, reason) VALUES ('churn', '1', 'promote')",
        "SELECT * FROM customers",
        "CREATE TABLE scoring.mine ()",
        "CREATE TEMP TABLE mine ()",
        "UPDATE scoring.job_predictions SET score = 0",
        "DELETE FROM scoring.rejected_rows",
        "INSERT INTO scoring.run_publications VALUES (1, now())",
        "SELECT scoring.ensure_predictions_partition('job', '2026-12-01')",
        "SELECT scoring.stage_source(2, '{a}', '{25}')",
        "SELECT scoring.drop_staged_source(1)",
        "SELECT * FROM scoring.window_states('job', NULL, true, '{1}', '{2}')",
        "SELECT scoring.grant_access()",
        "SELECT * FROM quartz.qrtz_triggers",
    ];

    private static readonly string[] AnalystMay =
    [
        "SELECT * FROM scoring.job_latest WHERE customer_id = 100001",
        "SELECT * FROM scoring.alarms",
        "SELECT * FROM scoring.job_history",
        "SELECT * FROM scoring.job_as_of(now())",
        "SELECT run_id, key, job, chunk_no, column_name, reason, source_cursor, rejected_at, resolved_by, resolved_at FROM scoring.rejected_rows",
        "SELECT name, version, sha256, steps, notes FROM scoring.model_versions",
        "SELECT * FROM scoring.model_champions",
        "SELECT * FROM scoring.run_summary",
        "SELECT * FROM scoring.window_status",
        "SELECT * FROM scoring.quality",
        "SELECT * FROM scoring.explain_prediction('job', '100001')",
        "SELECT * FROM scoring.explain_prediction('job', 100001)",
        "SELECT * FROM scoring.explain_prediction('job', '{\"customer_id\": 100001}'::jsonb)",
        "SELECT * FROM scoring.windows('job', '1 day', '2020-01-01', '2020-01-03')",
        "SELECT * FROM scoring.integer_windows('another', 10, 1, 30)",
    ];

    private static readonly string[] OwnerMayNot =
    [
        "UPDATE customers SET region = ''",
        "SELECT * FROM pg_authid",
        "CREATE ROLE mine",
        "CREATE TABLE public.mine ()",
        "CREATE SCHEMA mine",
    ];

    private static readonly string[] OwnerMay =
    [
        "CREATE TABLE scoring.mine ()",
        "ALTER TABLE scoring.runs ADD COLUMN mine integer",
        "ALTER TABLE scoring.job_predictions ADD COLUMN mine integer",
        "SELECT scoring.ensure_predictions_partition('job', '2026-12-01')",
        "SELECT scoring.grant_access()",
    ];

    private Logins logins = null!;

    [SetUp]
    public async Task MakeLoginsAndARun()
    {
        await CustomersTable.CreateAsync(Database, 10);
        await Database.ExecuteAsync("UPDATE customers SET auto_pay = NULL WHERE customer_id = 100003");
        await using var job = await (await TestJob.CreateAsync(Database, "churn", CustomersTable.Source)).AppliedAsync();
        await job.RunAsync();
        await Database.ExecuteAsync("CREATE SCHEMA quartz; CREATE TABLE quartz.qrtz_triggers ()");
        logins = await Logins.CreateAsync(Database);
        await Database.ExecuteAsync(
            $"""
            GRANT USAGE ON SCHEMA public TO {logins.Role("runner")}, {logins.Role("owner")}, {logins.Role("analyst")};
            GRANT SELECT ON customers TO {logins.Role("runner")}, {logins.Role("owner")};
            """);
    }

    [TearDown]
    public async Task DropLogins() => await logins.DisposeAsync();

    [Test]
    public async Task Each_role_may_do_what_it_is_for_and_nothing_else()
    {
        using (Assert.EnterMultipleScope())
        {
            await CheckAsync("runner", RunnerMay, RunnerMayNot);
            await CheckAsync("analyst", AnalystMay, AnalystMayNot);
            await CheckAsync("owner", OwnerMay, OwnerMayNot);
        }
    }

    [TestCase("SELECT scoring.stage_source(1, '{a}', '{25}')", TestName = "A_source_is_not_staged_for_a_run_that_is_there")]
    [TestCase("SELECT scoring.stage_source(2, '{a}', '{25}')", TestName = "A_source_is_not_staged_for_a_run_that_somebody_else_may_plan")]
    [TestCase("SELECT scoring.seal_staged_source(2, '{a}', NULL)", TestName = "A_source_is_not_sealed_for_a_run_that_somebody_else_may_plan")]
    [TestCase($"{Planning}; SELECT scoring.stage_source(2, '{{a,b}}', '{{25}}')", TestName = "A_source_is_not_staged_with_less_types_than_columns")]
    [TestCase($"{Planning}; SELECT scoring.stage_source(2, '{{a}}', '{{2278}}')", TestName = "A_source_is_not_staged_with_a_type_that_no_column_has")]
    public async Task The_owners_functions_check_what_they_are_asked(string sql)
    {
        var refused = await logins.TryAsync("runner", sql);

        Assert.That(refused?.SqlState, Is.EqualTo("P0001"), refused?.MessageText);
    }

    [Test]
    public async Task Columns_to_stage_are_names_whatever_is_in_them()
    {
        Assert.That(await logins.TryAsync("runner", $"{Planning}; SELECT scoring.stage_source(2, ARRAY['a integer); DROP TABLE scoring.runs; --'], '{{25}}')"), Is.Null);
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.runs"), Is.EqualTo(1));
    }

    [Test]
    public async Task What_runs_with_the_owners_rights_is_safe_from_the_callers_search_path_and_from_everybody_else() => Assert.That(
        await Database.QueryAsync<string>(
            """
            SELECT oid::regprocedure::text FROM pg_proc
            WHERE pronamespace = 'scoring'::regnamespace AND prosecdef
              AND (proconfig IS NULL OR NOT 'search_path=pg_catalog, pg_temp' = ANY(proconfig) OR has_function_privilege('public', oid, 'EXECUTE'))
            """), Is.Empty);

    private const string Planning = "SELECT pg_advisory_xact_lock(hashtextextended('batchscorer planning of run 2', 0))";

    private async Task CheckAsync(string purpose, string[] may, string[] mayNot)
    {
        foreach (var sql in may)
            Assert.That((await logins.TryAsync(purpose, sql))?.MessageText, Is.Null, $"{purpose}: {sql}");
        foreach (var sql in mayNot)
            Assert.That((await logins.TryAsync(purpose, sql))?.SqlState, Is.EqualTo("42501"), $"{purpose}: {sql}");
    }
}

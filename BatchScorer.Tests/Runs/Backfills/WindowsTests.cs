using System.Diagnostics;
using BatchScorer.Tests.Postgres;

namespace BatchScorer.Tests.Runs.Backfills;

/// <summary>What the ledger's own functions say of windows. Runs are written as rows: only what the ledger knows counts.</summary>
internal sealed class WindowsTests(ServerKind kind) : DatabaseTests(kind)
{
    private static readonly string Old = new('a', 64);
    private static readonly string New = new('b', 64);

    [SetUp]
    public Task MakeJob() => Database.ExecuteAsync(
        """
        INSERT INTO scoring.models (sha256, name, version, size_bytes, schema, content) VALUES (@Old, 'model', '1', 1, '{}', ''), (@New, 'model', '2', 1, '{}', '');
        INSERT INTO scoring.jobs (name, model_sha256) VALUES ('job', @New), ('other', @New);
        """, new { Old, New });

    [Test]
    public async Task A_window_is_scored_when_published_runs_cover_it_together()
    {
        await AddAsync(null, 5);
        await AddAsync(5, 12);
        await AddAsync(12, 18);

        Assert.That(await StatesAsync(0, 30, 10), Is.EqualTo("scored missing missing"));
    }

    [Test]
    public async Task A_window_is_failed_when_a_run_failed_in_what_is_not_scored_of_it()
    {
        await AddAsync(0, 10);
        await AddAsync(10, 20, state: "failed");
        await AddAsync(20, 25);
        await AddAsync(20, 25, state: "failed", continuing: false);
        await AddAsync(30, 31, state: "cancelled");
        await AddAsync(40, 50, state: "abandoned");
        await AddAsync(50, 60, state: "running");

        Assert.That(await StatesAsync(0, 60, 10), Is.EqualTo("scored failed missing failed missing missing"));
    }

    [Test]
    public async Task A_window_is_stale_when_readers_see_another_model_in_a_part_of_it()
    {
        await AddAsync(0, 40, Old);
        await AddAsync(0, 10, New, continuing: false);
        await AddAsync(10, 15, New, continuing: false);
        await AddAsync(20, 30, New, continuing: false);
        await AddAsync(20, 21, Old, continuing: false);

        Assert.That(await StatesAsync(0, 40, 10), Is.EqualTo("scored stale stale stale"));
        Assert.That(await Database.QueryAsync<string>("SELECT array_to_string(models, ' ') FROM scoring.integer_windows('job', 10, 0, 40)"),
            Is.EqualTo(new[] { New, $"{Old} {New}", $"{Old} {New}", Old }));
    }

    [Test]
    public async Task Runs_of_other_jobs_and_those_that_cover_no_window_do_not_count()
    {
        await AddAsync(0, 10, job: "other");
        await AddAsync(0, null);
        await AddAsync(7, 7);

        Assert.That(await StatesAsync(0, 10, 10), Is.EqualTo("missing"));
    }

    [Test]
    public async Task Timestamps_are_cut_into_windows_whatever_the_time_zone_of_the_session()
    {
        await AddAsync("2026-03-28T00:00:00.000000Z", "2026-03-30T12:00:00.000000Z");

        Assert.That(await Database.QueryAsync<string>(
            """
            SET TimeZone = 'Europe/Berlin';
            SELECT to_char(window_from AT TIME ZONE 'UTC', 'DD HH24') || ' to ' || to_char(window_to AT TIME ZONE 'UTC', 'DD HH24') || ' ' || state
            FROM scoring.windows('job', '24 hours', '2026-03-28Z', '2026-03-31 06:00Z')
            """), Is.EqualTo(new[] { "28 00 to 29 00 scored", "29 00 to 30 00 scored", "30 00 to 31 00 missing", "31 00 to 31 06 missing" }));
    }

    [Test]
    public async Task A_hundred_thousand_windows_over_as_many_runs_take_seconds_at_most()
    {
        await Database.ExecuteAsync(
            """
            INSERT INTO scoring.runs (job, trigger, mode, continuing, window_from, window_to, model_sha256, manifest, state, chunks, rows_planned, planned_on, planned_at, planning_ms, host, process_id, program_version)
            SELECT 'job', 'manual', 'window', true, (timestamptz '2020-01-01Z' + n * interval '1 hour')::text, (timestamptz '2020-01-01Z' + (n + 1) * interval '1 hour')::text,
                   CASE WHEN n < 50000 THEN @Old ELSE @New END, '{}', CASE WHEN n % 1000 = 7 THEN 'failed' ELSE 'published' END, 1, 1, '2026-01-01', now(), 1, 'host', 1, '1'
            FROM generate_series(0, 99999) AS n
            """, new { Old, New });
        await Database.ExecuteAsync("ANALYZE scoring.runs");

        var since = Stopwatch.GetTimestamp();
        var states = await Database.QueryAsync<(string State, long Windows)>(
            "SELECT state, count(*) FROM scoring.windows('job', '1 hour', '2020-01-01Z', timestamptz '2020-01-01Z' + 100000 * interval '1 hour') GROUP BY state ORDER BY state");
        var took = Stopwatch.GetElapsedTime(since);

        TestContext.Out.WriteLine($"100,000 windows over 100,000 runs in {took.TotalMilliseconds:0} ms");
        Assert.That(states, Is.EqualTo(new[] { ("failed", 100L), ("scored", 49_950L), ("stale", 49_950L) }));
        // Measured below one second on a quiet machine; what this would find is time that grows with the square.
        Assert.That(took, Is.LessThan(TimeSpan.FromSeconds(20)));
    }

    private Task AddAsync(long? from, long? to, string? model = null, string state = "published", string job = "job", bool continuing = true) =>
        AddAsync(from?.ToString(), to?.ToString(), model, state, job, continuing);

    /// <summary>A run over a window: a continuing one, otherwise that of a backfill.</summary>
    private Task AddAsync(string? from, string? to, string? model = null, string state = "published", string job = "job", bool continuing = true) => Database.ExecuteAsync(
        """
        WITH backfill AS (
            INSERT INTO scoring.backfills (job, window_from, window_to, every, chosen, newest_first, parallel, model_sha256, manifest, plan_hash, host, process_id, program_version)
            SELECT @job, @from, @to, '1', 'all', false, 1, @model, '{}', '', 'host', 1, '1' WHERE NOT @continuing RETURNING backfill_id
        )
        INSERT INTO scoring.runs (job, trigger, mode, continuing, window_from, window_to, model_sha256, manifest, state, chunks, rows_planned, planned_on, planned_at, planning_ms, host, process_id, program_version, backfill_id)
        VALUES (@job, 'manual', 'window', @continuing, @from, @to, @model, '{}', @state, 1, 1, '2026-01-01', now(), 1, 'host', 1, '1', (SELECT backfill_id FROM backfill))
        """, new { from, to, model = model ?? New, state, job, continuing });

    private async Task<string> StatesAsync(long from, long to, long every) =>
        string.Join(' ', await Database.QueryAsync<string>("SELECT state FROM scoring.integer_windows('job', @every, @from, @to)", new { from, to, every }));
}

-- Backfills: a range of the cursor column that is scored window by window, and what the ledger knows of any grid of windows.

ALTER TABLE scoring.jobs ADD COLUMN model_sha256 text;
COMMENT ON COLUMN scoring.jobs.model_sha256 IS
    'The model that the job named when its tables were last applied or its last continuing run was planned; windows scored by another are stale';

CREATE TABLE scoring.backfills (
    backfill_id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    job             text NOT NULL REFERENCES scoring.jobs,
    window_from     text NOT NULL,
    window_to       text NOT NULL,
    every           text NOT NULL,
    chosen          text NOT NULL CHECK (chosen IN ('missing', 'failed', 'stale', 'all')),
    newest_first    boolean NOT NULL,
    parallel        integer NOT NULL CHECK (parallel > 0),
    state           text NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'succeeded', 'failed', 'cancelled')),
    error           text,
    model_sha256    text NOT NULL REFERENCES scoring.models,
    manifest        jsonb NOT NULL,
    plan_hash       text NOT NULL,
    asked_at        timestamptz NOT NULL DEFAULT clock_timestamp(),
    finished_at     timestamptz,
    host            text NOT NULL,
    process_id      integer NOT NULL,
    program_version text NOT NULL
);
CREATE INDEX backfills_by_job ON scoring.backfills (job, backfill_id);
COMMENT ON TABLE scoring.backfills IS 'One row a backfill: a range of a job''s cursor column, scored in windows of which each is a run of its own';
COMMENT ON COLUMN scoring.backfills.backfill_id IS 'Number of the backfill; its runs lead back to it';
COMMENT ON COLUMN scoring.backfills.job IS 'The job';
COMMENT ON COLUMN scoring.backfills.window_from IS 'First value of the cursor column, inclusive';
COMMENT ON COLUMN scoring.backfills.window_to IS 'The value behind the last one';
COMMENT ON COLUMN scoring.backfills.every IS 'Length of a window: a time such as 1.00:00:00, or a number for an integer cursor; the last window may be shorter';
COMMENT ON COLUMN scoring.backfills.chosen IS 'Which windows of the range were chosen: missing, failed, stale or all';
COMMENT ON COLUMN scoring.backfills.newest_first IS 'Whether the last window is scored first';
COMMENT ON COLUMN scoring.backfills.parallel IS 'How many windows a process scores at a time';
COMMENT ON COLUMN scoring.backfills.state IS 'running (also while nobody works on it), succeeded, failed or cancelled';
COMMENT ON COLUMN scoring.backfills.error IS 'Why it failed, and what to do; null otherwise';
COMMENT ON COLUMN scoring.backfills.model_sha256 IS 'The model that scores every window';
COMMENT ON COLUMN scoring.backfills.manifest IS 'What was frozen for all windows: job definition, model, source query, columns';
COMMENT ON COLUMN scoring.backfills.plan_hash IS 'Hash of the plan as --dry-run prints it';
COMMENT ON COLUMN scoring.backfills.asked_at IS 'When it was asked for';
COMMENT ON COLUMN scoring.backfills.finished_at IS 'When its last window was over, or when it was cancelled';
COMMENT ON COLUMN scoring.backfills.host IS 'The host on which it was asked for';
COMMENT ON COLUMN scoring.backfills.process_id IS 'The process that was asked';
COMMENT ON COLUMN scoring.backfills.program_version IS 'That process''s version of the program';

CREATE TABLE scoring.backfill_windows (
    backfill_id   bigint NOT NULL REFERENCES scoring.backfills ON DELETE CASCADE,
    window_no     integer NOT NULL,
    window_from   text NOT NULL,
    window_to     text NOT NULL,
    rows_expected bigint NOT NULL,
    PRIMARY KEY (backfill_id, window_no)
);
COMMENT ON TABLE scoring.backfill_windows IS 'The windows that a backfill chose to score';
COMMENT ON COLUMN scoring.backfill_windows.backfill_id IS 'The backfill';
COMMENT ON COLUMN scoring.backfill_windows.window_no IS 'Number within the backfill, from 0, in the order in which they are scored';
COMMENT ON COLUMN scoring.backfill_windows.window_from IS 'First value of the cursor column, inclusive';
COMMENT ON COLUMN scoring.backfill_windows.window_to IS 'The value behind the last one';
COMMENT ON COLUMN scoring.backfill_windows.rows_expected IS 'Rows there were when the backfill was asked for';

ALTER TABLE scoring.runs ADD COLUMN backfill_id bigint REFERENCES scoring.backfills;
CREATE UNIQUE INDEX runs_one_a_backfill_window ON scoring.runs (backfill_id, window_from)
    WHERE backfill_id IS NOT NULL AND state <> 'abandoned';
COMMENT ON COLUMN scoring.runs.backfill_id IS 'The backfill whose window it scores; null for other runs';

-- What follows answers for any grid of windows. A cursor value is a whole number there: an integer cursor's own, or microseconds
-- since 1970 in UTC, so that one set of functions serves both kinds.

CREATE FUNCTION scoring.cursor_position(cursor timestamptz) RETURNS bigint
LANGUAGE sql STABLE STRICT PARALLEL SAFE AS 'SELECT (extract(epoch FROM cursor) * 1000000)::bigint';
COMMENT ON FUNCTION scoring.cursor_position(timestamptz) IS 'Microseconds since 1970-01-01 in UTC';

CREATE FUNCTION scoring.covering_runs(job text, is_time boolean)
RETURNS TABLE (run_id bigint, state text, model_sha256 text, covers int8range)
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT run_id, state, model_sha256,
           CASE WHEN is_time THEN int8range(scoring.cursor_position(window_from::timestamptz), scoring.cursor_position(window_to::timestamptz))
                ELSE int8range(window_from::bigint, window_to::bigint) END
    FROM scoring.runs
    WHERE runs.job = covering_runs.job AND (continuing OR backfill_id IS NOT NULL) AND window_to IS NOT NULL
$$;
COMMENT ON FUNCTION scoring.covering_runs(text, boolean) IS 'The job''s runs that had a whole window to score, and that window';

-- Readers see the newest run's predictions, so the runs are gone through from the newest back, all that follow each other with one model at once.
CREATE FUNCTION scoring.shown_windows(job text, is_time boolean) RETURNS TABLE (model_sha256 text, windows int8multirange)
LANGUAGE plpgsql STABLE SET work_mem = '64MB' SET jit = off AS $$
DECLARE
    seen  int8multirange := '{}';
    stint record;
BEGIN
    FOR stint IN
        SELECT published.model_sha256, range_agg(covers) AS windows
        FROM (
            SELECT run_id, changed.model_sha256, covers, count(*) FILTER (WHERE is_other) OVER (ORDER BY run_id ROWS UNBOUNDED PRECEDING) AS stint
            FROM (
                SELECT run_id, run.model_sha256, covers, run.model_sha256 <> lag(run.model_sha256) OVER (ORDER BY run_id) AS is_other
                FROM scoring.covering_runs(shown_windows.job, is_time) AS run WHERE state = 'published'
            ) AS changed
        ) AS published
        GROUP BY published.model_sha256, published.stint
        ORDER BY max(run_id) DESC
    LOOP
        model_sha256 := stint.model_sha256;
        windows := stint.windows - seen;
        seen := seen + stint.windows;
        IF NOT isempty(windows) THEN
            RETURN NEXT;
        END IF;
    END LOOP;
END
$$;
COMMENT ON FUNCTION scoring.shown_windows(text, boolean) IS 'Which model''s predictions readers see where: windows that overlap with no others';

CREATE FUNCTION scoring.window_states(job text, model_sha256 text, is_time boolean, starts bigint[], ends bigint[])
RETURNS TABLE (window_no bigint, state text, models text[])
LANGUAGE sql STABLE SET work_mem = '64MB' SET jit = off AS $$
    WITH grid AS (
        SELECT int8range(starts[1], ends[cardinality(ends)]) AS whole,
               coalesce(window_states.model_sha256, (SELECT jobs.model_sha256 FROM scoring.jobs WHERE name = window_states.job)) AS wanted
    ), shown AS MATERIALIZED (
        SELECT shown.model_sha256, part FROM scoring.shown_windows(window_states.job, is_time) AS shown, unnest(shown.windows) AS part
    ), failed AS MATERIALIZED (
        SELECT part
        FROM (SELECT range_agg(covers) AS windows FROM scoring.covering_runs(window_states.job, is_time) AS run WHERE run.state IN ('failed', 'cancelled')) AS failed,
             (SELECT coalesce(range_agg(part), '{}') AS windows FROM shown) AS covered,
             unnest(failed.windows - covered.windows) AS part
    ), pieces AS (
        -- The windows that a piece touches, and those that lie in it: all but the first and the last, and sometimes these too.
        SELECT piece.model_sha256, cut.part, first, last,
               first + (starts[first] < lower(cut.part))::integer AS first_inside, last - (ends[last] > upper(cut.part))::integer AS last_inside
        FROM (SELECT shown.model_sha256, part FROM shown UNION ALL SELECT NULL, part FROM failed) AS piece CROSS JOIN grid
        CROSS JOIN LATERAL (SELECT piece.part * grid.whole) AS cut (part)
        CROSS JOIN LATERAL (SELECT width_bucket(lower(cut.part), starts), width_bucket(upper(cut.part) - 1, starts)) AS touches (first, last)
        WHERE NOT isempty(cut.part)
    ), touched AS (
        -- The pieces do not overlap: a window that lies in one has nothing of another, and others are covered when what they have of
        -- pieces is as long as they are.
        SELECT window_no, model_sha256 IS NOT NULL AS is_covered, model_sha256 IS NULL AS is_failed, model_sha256 <> wanted AS is_stale, array_remove(ARRAY[model_sha256], NULL) AS models
        FROM pieces CROSS JOIN grid CROSS JOIN LATERAL generate_series(first_inside, last_inside) AS window_no
        UNION ALL
        SELECT window_no, sum(least(upper(part), ends[window_no]) - greatest(lower(part), starts[window_no])) FILTER (WHERE model_sha256 IS NOT NULL) = ends[window_no] - starts[window_no],
               bool_or(model_sha256 IS NULL), bool_or(model_sha256 <> wanted), array_agg(DISTINCT model_sha256) FILTER (WHERE model_sha256 IS NOT NULL)
        FROM pieces CROSS JOIN grid
        CROSS JOIN LATERAL (SELECT first WHERE first < first_inside UNION SELECT last WHERE last > last_inside) AS edges (window_no)
        GROUP BY window_no
    )
    SELECT asked.window_no,
           CASE WHEN is_covered THEN CASE WHEN is_stale THEN 'stale' ELSE 'scored' END WHEN is_failed THEN 'failed' ELSE 'missing' END,
           coalesce(touched.models, '{}')
    FROM unnest(starts, ends) WITH ORDINALITY AS asked (start, "end", window_no)
    LEFT JOIN touched USING (window_no)
    ORDER BY window_no
$$;
COMMENT ON FUNCTION scoring.window_states(text, text, boolean, bigint[], bigint[]) IS
    'What became of each window [start, end), windows in order and apart: scored, stale, failed or missing; and the models whose predictions readers see there';

CREATE FUNCTION scoring.windows(job text, every interval, "from" timestamptz, "to" timestamptz)
RETURNS TABLE (window_from timestamptz, window_to timestamptz, state text, models text[])
LANGUAGE sql STABLE AS $$
    WITH grid AS MATERIALIZED (
        SELECT array_agg(start ORDER BY start) AS starts, array_agg(least(start + every, "to") ORDER BY start) AS ends,
               array_agg(scoring.cursor_position(start) ORDER BY start) AS start_positions,
               array_agg(scoring.cursor_position(least(start + every, "to")) ORDER BY start) AS end_positions
        FROM generate_series("from", "to", every) AS start WHERE start < "to"
    )
    SELECT starts[window_no], ends[window_no], states.state, states.models
    FROM grid CROSS JOIN LATERAL scoring.window_states(windows.job, NULL, true, start_positions, end_positions) AS states
    ORDER BY window_no
$$;
COMMENT ON FUNCTION scoring.windows(text, interval, timestamptz, timestamptz) IS
    'Cuts [from, to) into windows and says of each whether it is scored (covered by published runs), stale (by ones with another model than the job''s), failed or missing; models by their SHA-256';

CREATE FUNCTION scoring.integer_windows(job text, every bigint, "from" bigint, "to" bigint)
RETURNS TABLE (window_from bigint, window_to bigint, state text, models text[])
LANGUAGE sql STABLE AS $$
    WITH grid AS MATERIALIZED (
        SELECT array_agg(start ORDER BY start) AS starts, array_agg(least(start + every, "to") ORDER BY start) AS ends
        FROM generate_series("from", "to" - 1, every) AS start
    )
    SELECT starts[window_no], ends[window_no], states.state, states.models
    FROM grid CROSS JOIN LATERAL scoring.window_states(integer_windows.job, NULL, false, starts, ends) AS states
    ORDER BY window_no
$$;
COMMENT ON FUNCTION scoring.integer_windows(text, bigint, bigint, bigint) IS 'What scoring.windows says, for a job whose cursor is an integer';

-- What analysts read: views that explain themselves, and where each prediction comes from.

-- The manifest says it; here no view has to unpack it for each prediction.
ALTER TABLE scoring.runs
    ADD COLUMN model_name    text GENERATED ALWAYS AS (manifest -> 'model' ->> 'name') STORED,
    ADD COLUMN model_version text GENERATED ALWAYS AS (manifest -> 'model' ->> 'version') STORED;
COMMENT ON COLUMN scoring.runs.model_name IS 'The model''s name when the run was planned';
COMMENT ON COLUMN scoring.runs.model_version IS 'The model''s version as the job gave it when the run was planned';

ALTER TABLE scoring.jobs ADD COLUMN views_sha256 text;
COMMENT ON COLUMN scoring.jobs.views_sha256 IS 'SHA-256 of the statements that made the job''s views; they are made again when the statements change';

CREATE VIEW scoring.run_summary AS
SELECT run.job, run.run_id, run.trigger, run.state,
       publication.shown_from AS published_at,
       run.window_from, run.window_to,
       run.model_name, run.model_version, run.model_sha256,
       run.rows_planned, run.rows_read, run.rows_scored, run.rows_rejected,
       run.rows_rejected::double precision / nullif(run.rows_read, 0) AS rejected_share,
       run.chunks, done.chunks_done, done.chunks_failed,
       run.planned_at, run.started_at, run.finished_at,
       make_interval(secs => run.planning_ms / 1000.0) AS planning_time,
       run.finished_at - run.started_at AS duration,
       run.slot, run.backfill_id, run.error,
       run.host, run.program_version
FROM scoring.runs AS run
LEFT JOIN scoring.run_publications AS publication ON publication.run_id = run.run_id AND publication.shown_to IS NULL
LEFT JOIN LATERAL (
    SELECT count(*) FILTER (WHERE state = 'done')::integer AS chunks_done, count(*) FILTER (WHERE state = 'failed')::integer AS chunks_failed
    FROM scoring.chunks WHERE chunks.run_id = run.run_id
) AS done ON true;
COMMENT ON VIEW scoring.run_summary IS 'One row a run: what it covered, with which model, and what became of it';
COMMENT ON COLUMN scoring.run_summary.job IS 'The job';
COMMENT ON COLUMN scoring.run_summary.run_id IS 'Number of the run, as the job''s views have it; later runs have greater numbers';
COMMENT ON COLUMN scoring.run_summary.trigger IS 'Why the run exists: schedule, manual, backfill, catchup or replay';
COMMENT ON COLUMN scoring.run_summary.state IS 'planned, running, succeeded, published, failed, cancelled, withdrawn or abandoned; readers see the predictions of published ones';
COMMENT ON COLUMN scoring.run_summary.published_at IS 'Since when its predictions are shown; null while they are not';
COMMENT ON COLUMN scoring.run_summary.window_from IS 'First value of the cursor column, inclusive; null for the beginning or when the job has no cursor';
COMMENT ON COLUMN scoring.run_summary.window_to IS 'Where the next window starts; null when the job has no cursor';
COMMENT ON COLUMN scoring.run_summary.model_name IS 'The model that scores every row of the run';
COMMENT ON COLUMN scoring.run_summary.model_version IS 'The model''s version, as the job gave it when the run was planned';
COMMENT ON COLUMN scoring.run_summary.model_sha256 IS 'SHA-256 of the model''s file, lower-case hexadecimal';
COMMENT ON COLUMN scoring.run_summary.rows_planned IS 'Rows there were at planning';
COMMENT ON COLUMN scoring.run_summary.rows_read IS 'Rows read, scored or not; null until the run is over';
COMMENT ON COLUMN scoring.run_summary.rows_scored IS 'Rows with a prediction; null until the run is over';
COMMENT ON COLUMN scoring.run_summary.rows_rejected IS 'Rows that could not be scored, in scoring.rejected_rows; null until the run is over';
COMMENT ON COLUMN scoring.run_summary.rejected_share IS 'Share of the rows read that were rejected, from 0 to 1; null when none was read';
COMMENT ON COLUMN scoring.run_summary.chunks IS 'Chunks the run was cut into';
COMMENT ON COLUMN scoring.run_summary.chunks_done IS 'Chunks that are done';
COMMENT ON COLUMN scoring.run_summary.chunks_failed IS 'Chunks that have failed';
COMMENT ON COLUMN scoring.run_summary.planned_at IS 'When the run was planned';
COMMENT ON COLUMN scoring.run_summary.started_at IS 'When its first chunk was claimed';
COMMENT ON COLUMN scoring.run_summary.finished_at IS 'When it was over';
COMMENT ON COLUMN scoring.run_summary.planning_time IS 'How long planning took';
COMMENT ON COLUMN scoring.run_summary.duration IS 'From the first chunk to the end, interruptions included';
COMMENT ON COLUMN scoring.run_summary.slot IS 'The instant at which the job''s schedule was due; null for a run that no schedule made';
COMMENT ON COLUMN scoring.run_summary.backfill_id IS 'The backfill whose window it scores; null for other runs';
COMMENT ON COLUMN scoring.run_summary.error IS 'Why the run failed, and what to do; null otherwise';
COMMENT ON COLUMN scoring.run_summary.host IS 'The host that planned it';
COMMENT ON COLUMN scoring.run_summary.program_version IS 'The program''s version that planned it';

CREATE FUNCTION scoring.cursor_text("position" bigint, is_time boolean) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE AS $$
    SELECT CASE WHEN is_time THEN to_char(timestamp 'epoch' + "position" * interval '1 microsecond', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') ELSE "position"::text END
$$;
COMMENT ON FUNCTION scoring.cursor_text(bigint, boolean) IS 'A cursor''s value as runs write it, of its whole number: microseconds since 1970-01-01 in UTC, or an integer cursor''s own';

-- The windows of a job's runs may overlap, as those of backfills with another grid do. So they are cut at every place where one starts
-- or ends, and each piece is asked what became of it. The first may have no beginning: it gets one that is shown as null.
CREATE FUNCTION scoring.window_pieces(job text)
RETURNS TABLE (window_from text, window_to text, state text, models text[], newest_run bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET work_mem = '64MB' SET jit = off AS $$
    WITH kind AS MATERIALIZED (
        SELECT NOT bool_and(window_to ~ '^-?[0-9]+$') AS is_time
        FROM scoring.runs WHERE runs.job = window_pieces.job AND (continuing OR backfill_id IS NOT NULL) AND window_to IS NOT NULL
    ), run AS MATERIALIZED (
        SELECT run_id, run.state, covers FROM kind CROSS JOIN LATERAL scoring.covering_runs(window_pieces.job, is_time) AS run
        WHERE run.state <> 'abandoned' AND NOT isempty(covers)
    ), bound AS (
        SELECT position FROM run, LATERAL (VALUES (lower(covers)), (upper(covers))) AS edge (position) WHERE position IS NOT NULL
        UNION
        SELECT min(upper(covers)) - 1 FROM run WHERE lower_inf(covers) HAVING count(*) > 0
    ), piece AS MATERIALIZED (
        SELECT row_number() OVER (ORDER BY position) AS window_no, position AS start, lead(position) OVER (ORDER BY position) AS stop FROM bound
    ), states AS MATERIALIZED (
        SELECT states.window_no, states.state, states.models
        FROM kind
        CROSS JOIN LATERAL (SELECT array_agg(start ORDER BY start) AS starts, array_agg(stop ORDER BY start) AS stops FROM piece WHERE stop IS NOT NULL) AS grid
        CROSS JOIN LATERAL scoring.window_states(window_pieces.job, NULL, is_time, starts, stops) AS states
        WHERE starts IS NOT NULL
    )
    SELECT CASE WHEN EXISTS (SELECT FROM run WHERE lower_inf(covers)) AND piece.window_no = 1 THEN NULL ELSE scoring.cursor_text(start, is_time) END,
           scoring.cursor_text(stop, is_time), states.state, states.models,
           (SELECT max(run_id) FROM run WHERE run.covers @> piece.start)
    FROM kind CROSS JOIN piece JOIN states USING (window_no)
    ORDER BY piece.window_no
$$;
COMMENT ON FUNCTION scoring.window_pieces(text) IS
    'Cuts what a job''s runs were to score wherever a window starts or ends, and says of each piece what became of it, as scoring.windows does, and which run was the last to have it';

CREATE VIEW scoring.window_status AS
SELECT job.name AS job, piece.window_from, piece.window_to, piece.state,
       ARRAY(SELECT model.name || ' ' || model.version FROM scoring.models AS model WHERE model.sha256 = ANY (piece.models) ORDER BY 1) AS models,
       piece.newest_run, run.state AS newest_run_state, run.finished_at AS newest_run_finished_at
FROM scoring.jobs AS job
CROSS JOIN LATERAL scoring.window_pieces(job.name) AS piece
LEFT JOIN scoring.runs AS run ON run.run_id = piece.newest_run;
COMMENT ON VIEW scoring.window_status IS
    'Of each job with a cursor, what its runs covered, in order and without overlaps, gaps between them too; scoring.windows says the same for windows of any length';
COMMENT ON COLUMN scoring.window_status.job IS 'The job';
COMMENT ON COLUMN scoring.window_status.window_from IS 'First value of the cursor column, inclusive; null for the beginning';
COMMENT ON COLUMN scoring.window_status.window_to IS 'The value behind the last one';
COMMENT ON COLUMN scoring.window_status.state IS
    'scored (covered by published runs), stale (by ones with another model than the job''s), failed (a run failed or was cancelled, and no other covers it) or missing';
COMMENT ON COLUMN scoring.window_status.models IS 'Names and versions of the models whose predictions readers see there';
COMMENT ON COLUMN scoring.window_status.newest_run IS 'The newest run that was to score it and was not abandoned; null for a gap';
COMMENT ON COLUMN scoring.window_status.newest_run_state IS 'What has become of that run, as scoring.run_summary has it';
COMMENT ON COLUMN scoring.window_status.newest_run_finished_at IS 'When that run was over; null while it is not';

CREATE FUNCTION scoring.prediction_key(job text) RETURNS text[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    columns text[];
BEGIN
    IF NOT EXISTS (SELECT FROM scoring.jobs WHERE name = prediction_key.job) THEN
        RAISE EXCEPTION 'There is no job "%"; there are: %.', prediction_key.job, coalesce((SELECT string_agg(name, ', ' ORDER BY name) FROM scoring.jobs), 'none')
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    -- The primary key ends with the run and the day by which the table is partitioned.
    SELECT array_agg(attname::text ORDER BY place) INTO columns
    FROM pg_index
    CROSS JOIN LATERAL unnest(indkey[0:indnkeyatts - 3]) WITH ORDINALITY AS part (attnum, place)
    JOIN pg_attribute ON attrelid = indrelid AND pg_attribute.attnum = part.attnum
    WHERE indrelid = to_regclass(format('scoring.%I', prediction_key.job || '_predictions')) AND indisprimary;
    RETURN columns;
END
$$;
COMMENT ON FUNCTION scoring.prediction_key(text) IS 'The key columns of a job''s predictions, in order';

CREATE TYPE scoring.prediction_explanation AS (
    prediction         jsonb,
    published_at       timestamptz,
    scored_at          timestamptz,
    run_id             bigint,
    trigger            text,
    window_from        text,
    window_to          text,
    source_cursor      text,
    model_name         text,
    model_version      text,
    model_sha256       text,
    engine             text,
    job_file           text,
    source_query       text,
    program_version    text,
    host               text,
    process_id         integer,
    chunk_no           integer,
    chunk_key_from     text[],
    chunk_key_to       text[],
    attempts           integer,
    planned_at         timestamptz,
    attempt_started_at timestamptz,
    chunk_rows         integer,
    chunk_read_ms      integer,
    chunk_score_ms     integer,
    chunk_write_ms     integer,
    run_duration       interval
);
COMMENT ON TYPE scoring.prediction_explanation IS 'Where a prediction comes from, as scoring.explain_prediction answers';
COMMENT ON COLUMN scoring.prediction_explanation.prediction IS 'What the job''s latest view shows of the key: key, outputs and carried columns';
COMMENT ON COLUMN scoring.prediction_explanation.published_at IS 'When the run''s predictions were published, all at once';
COMMENT ON COLUMN scoring.prediction_explanation.scored_at IS 'When the prediction was made and written';
COMMENT ON COLUMN scoring.prediction_explanation.run_id IS 'The run that made it, in scoring.run_summary';
COMMENT ON COLUMN scoring.prediction_explanation.trigger IS 'Why the run exists: schedule, manual, backfill, catchup or replay';
COMMENT ON COLUMN scoring.prediction_explanation.window_from IS 'First value of the cursor column that the run covered; null for the beginning or when the job has no cursor';
COMMENT ON COLUMN scoring.prediction_explanation.window_to IS 'Where the window after it starts; null when the job has no cursor';
COMMENT ON COLUMN scoring.prediction_explanation.source_cursor IS 'The source row''s value of the cursor column when it was read; null when the job has no cursor';
COMMENT ON COLUMN scoring.prediction_explanation.model_name IS 'The model';
COMMENT ON COLUMN scoring.prediction_explanation.model_version IS 'The model''s version, as the job gave it when the run was planned';
COMMENT ON COLUMN scoring.prediction_explanation.model_sha256 IS 'SHA-256 of the model''s file, lower-case hexadecimal: sha256sum says the same of the file';
COMMENT ON COLUMN scoring.prediction_explanation.engine IS 'The engine with which the run was planned: Compiled or MLNet';
COMMENT ON COLUMN scoring.prediction_explanation.job_file IS 'The job as the run froze it, with every default written out; whatever its file says now';
COMMENT ON COLUMN scoring.prediction_explanation.source_query IS 'The text of the job''s query as the run froze it, or the name of its table';
COMMENT ON COLUMN scoring.prediction_explanation.program_version IS 'The program''s version that planned the run';
COMMENT ON COLUMN scoring.prediction_explanation.host IS 'The host that scored the chunk';
COMMENT ON COLUMN scoring.prediction_explanation.process_id IS 'The process that did';
COMMENT ON COLUMN scoring.prediction_explanation.chunk_no IS 'The chunk of the run that the row was in, from 0';
COMMENT ON COLUMN scoring.prediction_explanation.chunk_key_from IS 'First key of the chunk, a text for each key column; null for the beginning';
COMMENT ON COLUMN scoring.prediction_explanation.chunk_key_to IS 'The key behind the chunk''s last one; null for the end';
COMMENT ON COLUMN scoring.prediction_explanation.attempts IS 'How often the chunk was begun until it was done';
COMMENT ON COLUMN scoring.prediction_explanation.planned_at IS 'When the run was planned';
COMMENT ON COLUMN scoring.prediction_explanation.attempt_started_at IS 'When the attempt began that scored the chunk';
COMMENT ON COLUMN scoring.prediction_explanation.chunk_rows IS 'Rows that the chunk read';
COMMENT ON COLUMN scoring.prediction_explanation.chunk_read_ms IS 'Milliseconds that the chunk waited for and decoded rows';
COMMENT ON COLUMN scoring.prediction_explanation.chunk_score_ms IS 'Milliseconds that it spent in the model';
COMMENT ON COLUMN scoring.prediction_explanation.chunk_write_ms IS 'Milliseconds that it spent encoding and writing predictions';
COMMENT ON COLUMN scoring.prediction_explanation.run_duration IS 'How long the run took, from its first chunk to its end, interruptions included';

CREATE FUNCTION scoring.explain_prediction(job text, key jsonb)
RETURNS SETOF scoring.prediction_explanation
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    columns text[] := scoring.prediction_key(explain_prediction.job);
    wanted  jsonb := CASE WHEN jsonb_typeof(explain_prediction.key) <> 'object' AND cardinality(columns) = 1
                          THEN jsonb_build_object(columns[1], explain_prediction.key) ELSE explain_prediction.key END;
    is_it   text;
    shown   jsonb;
    chunk   integer;
BEGIN
    IF jsonb_typeof(wanted) IS DISTINCT FROM 'object' OR NOT wanted ?& columns OR wanted - columns <> '{}' THEN
        RAISE EXCEPTION 'The key of job "%" is (%), got %.', explain_prediction.job, array_to_string(columns, ', '), coalesce(explain_prediction.key::text, 'null')
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    -- The values stand in the query as literals, so that they are of the columns' types and reach the partitions' indexes.
    SELECT string_agg(format('%I = %L', name, wanted ->> name), ' AND ') INTO is_it FROM unnest(columns) AS name;
    EXECUTE format('SELECT to_jsonb(shown) FROM scoring.%I AS shown WHERE %s', explain_prediction.job || '_latest', is_it) INTO shown;
    IF shown IS NULL THEN
        RETURN;
    END IF;
    EXECUTE format('SELECT chunk_no FROM scoring.%I WHERE %s AND run_id = $1', explain_prediction.job || '_predictions', is_it) INTO chunk USING (shown ->> 'run_id')::bigint;

    RETURN QUERY
    SELECT shown - '{run_id,published_at,source_cursor,model_name,model_version,scored_at}'::text[], (shown ->> 'published_at')::timestamptz,
           part.done_at, run.run_id, run.trigger, run.window_from, run.window_to, shown ->> 'source_cursor', run.model_name, run.model_version,
           run.model_sha256, run.manifest -> 'model' ->> 'engine', jsonb_pretty(run.manifest -> 'job'),
           coalesce(run.manifest -> 'source' ->> 'query', run.manifest -> 'job' -> 'source' ->> 'table'), run.program_version, attempt.host,
           attempt.process_id, part.chunk_no, part.key_from, part.key_to, attempt.attempts, run.planned_at, attempt.started_at, part.rows_read,
           part.read_ms, part.score_ms, part.write_ms, run.finished_at - run.started_at
    FROM scoring.runs AS run
    JOIN scoring.chunks AS part ON part.run_id = run.run_id AND part.chunk_no = chunk
    LEFT JOIN LATERAL (
        SELECT attempt.host, attempt.process_id, attempt.started_at, (count(*) OVER ())::integer AS attempts
        FROM scoring.chunk_attempts AS attempt
        WHERE attempt.run_id = run.run_id AND attempt.chunk_no = chunk
        ORDER BY attempt.outcome IS NOT DISTINCT FROM 'done' DESC, attempt.attempt_id DESC LIMIT 1
    ) AS attempt ON true
    WHERE run.run_id = (shown ->> 'run_id')::bigint;
END
$$;
COMMENT ON FUNCTION scoring.explain_prediction(text, jsonb) IS
    'Where the prediction that a job''s latest view shows for a key comes from; no row when it shows none. The key is an object of key columns';

CREATE FUNCTION scoring.explain_prediction(job text, VARIADIC key text[])
RETURNS SETOF scoring.prediction_explanation
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    columns text[] := scoring.prediction_key(explain_prediction.job);
BEGIN
    IF cardinality(columns) <> cardinality(explain_prediction.key) THEN
        RAISE EXCEPTION 'The key of job "%" is (%), got % value(s).', explain_prediction.job, array_to_string(columns, ', '), cardinality(explain_prediction.key)
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN QUERY SELECT * FROM scoring.explain_prediction(explain_prediction.job, jsonb_object(columns, explain_prediction.key));
END
$$;
COMMENT ON FUNCTION scoring.explain_prediction(text, text[]) IS 'The same, with the values of the key columns one after the other: scoring.explain_prediction(''churn'', ''100017'')';

CREATE FUNCTION scoring.explain_prediction(job text, key bigint)
RETURNS SETOF scoring.prediction_explanation
LANGUAGE sql STABLE AS 'SELECT * FROM scoring.explain_prediction(job, key::text)';
COMMENT ON FUNCTION scoring.explain_prediction(text, bigint) IS 'The same, for a key of one number';

-- How long what jobs write is kept. What goes, goes by whole partitions; predictions that are kept whatever their age are moved aside before.

CREATE TABLE scoring.retention (
    job                text PRIMARY KEY REFERENCES scoring.jobs ON DELETE CASCADE,
    keep_predictions   interval CHECK (keep_predictions >= '1 day'),
    keep_newest        boolean NOT NULL DEFAULT false,
    keep_rejected_rows interval CHECK (keep_rejected_rows >= '1 day'),
    keep_runs          interval CHECK (keep_runs >= '1 day'),
    whole_since        timestamptz,
    kept_runs          bigint[] NOT NULL DEFAULT '{}'
);
COMMENT ON TABLE scoring.retention IS 'How long each job''s predictions, rejected rows and runs are kept, as db migrate last read it in the job''s file, and since when its history is whole';
COMMENT ON COLUMN scoring.retention.job IS 'The job';
COMMENT ON COLUMN scoring.retention.keep_predictions IS 'How long predictions are kept, from the day on which their run was planned; null for good';
COMMENT ON COLUMN scoring.retention.keep_newest IS 'Whether the newest published prediction of each key is kept, whatever its age';
COMMENT ON COLUMN scoring.retention.keep_rejected_rows IS 'How long rejected rows are kept; null for as long as their runs';
COMMENT ON COLUMN scoring.retention.keep_runs IS 'How long runs are kept that have no predictions any more; null for good';
COMMENT ON COLUMN scoring.retention.whole_since IS 'The earliest instant at which all is still known that readers saw then; null for ever since';
COMMENT ON COLUMN scoring.retention.kept_runs IS 'The runs of which predictions are kept beyond keep_predictions';

-- Bounds are read as PostgreSQL prints them, which the date style would change.
CREATE FUNCTION scoring.predictions_partitions(job text)
RETURNS TABLE (partition text, planned_from date, planned_to date, rows bigint, bytes bigint)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO' AS $$
    SELECT part.relname::text, coalesce(bounds[1], '-infinity')::date, bounds[2]::date, nullif(part.reltuples, -1)::bigint, pg_total_relation_size(part.oid)
    FROM pg_inherits
    JOIN pg_class AS part ON part.oid = inhrelid
    CROSS JOIN LATERAL regexp_match(pg_get_expr(part.relpartbound, part.oid), 'FROM \((?:MINVALUE|''(.+)'')\) TO \(''(.+)''\)') AS bounds
    WHERE inhparent = to_regclass(format('scoring.%I', predictions_partitions.job || '_predictions'))
    ORDER BY 2
$$;
COMMENT ON FUNCTION scoring.predictions_partitions(text) IS
    'The partitions of a job''s predictions, by the days on which runs were planned: from the first to before the second; rows by the server''s last estimate. The one without a beginning has the predictions that are kept whatever their age';

-- A day, a week or a month, so that there are about a hundred partitions at most. Where another width applied before, a new partition takes
-- what is left around its day.
CREATE OR REPLACE FUNCTION scoring.ensure_predictions_partition(job text, day date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    keep      interval := (SELECT keep_predictions FROM scoring.retention WHERE retention.job = ensure_predictions_partition.job);
    width     text := CASE WHEN keep <= '100 days' THEN 'day' WHEN keep <= '700 days' THEN 'week' ELSE 'month' END;
    starts    date := date_trunc(width, day::timestamp);
    ends      date := date_trunc(width, day::timestamp) + ('1 ' || width)::interval;
    parent    text := job || '_predictions';
    partition text;
BEGIN
    IF EXISTS (SELECT FROM scoring.predictions_partitions(job) WHERE planned_from <= day AND planned_to > day) THEN
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('batchscorer partitions of ' || job, 0));
    -- Somebody may have made it meanwhile.
    IF EXISTS (SELECT FROM scoring.predictions_partitions(job) WHERE planned_from <= day AND planned_to > day) THEN
        RETURN;
    END IF;
    SELECT greatest(starts, max(planned_to) FILTER (WHERE planned_to <= day)), least(ends, min(planned_from) FILTER (WHERE planned_from > day))
    INTO starts, ends FROM scoring.predictions_partitions(job);
    partition := parent || to_char(starts, CASE WHEN starts = date_trunc('month', starts::timestamp) AND width = 'month' THEN '_YYYYMM' ELSE '_YYYYMMDD' END);
    EXECUTE format('CREATE TABLE scoring.%I (LIKE scoring.%I INCLUDING ALL, CHECK (planned_on >= %L AND planned_on < %L))', partition, parent, starts, ends);
    EXECUTE format('ALTER TABLE scoring.%I ATTACH PARTITION scoring.%I FOR VALUES FROM (%L) TO (%L)', parent, partition, starts, ends);
END
$$;

CREATE FUNCTION scoring.predictions_are_kept(run_id bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(rows_scored, 1) = 0 OR EXISTS (
        SELECT FROM scoring.predictions_partitions(run.job) WHERE planned_from <= planned_on AND planned_to > planned_on AND planned_from > '-infinity')
    FROM scoring.runs AS run WHERE run.run_id = predictions_are_kept.run_id
$$;
COMMENT ON FUNCTION scoring.predictions_are_kept(bigint) IS 'Whether all predictions of a run are there still';

CREATE FUNCTION scoring.expired_predictions(job text)
RETURNS TABLE (partition text, planned_from date, planned_to date, rows bigint, bytes bigint, open_run bigint, goes boolean)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    WITH expired AS (
        SELECT part.*, keep_newest, (
            SELECT min(run_id) FROM scoring.runs
            WHERE runs.job = expired_predictions.job AND planned_on >= planned_from AND planned_on < planned_to
              AND state IN ('planned', 'running', 'succeeded', 'failed', 'cancelled')) AS open_run
        FROM scoring.retention AS terms CROSS JOIN LATERAL scoring.predictions_partitions(terms.job) AS part
        WHERE terms.job = expired_predictions.job AND planned_to <= (now() AT TIME ZONE 'UTC' - keep_predictions)::date
          AND NOT (keep_newest AND planned_from = '-infinity')
    )
    -- What is kept lies below all partitions, so they go in their order.
    SELECT partition, planned_from, planned_to, rows, bytes, open_run,
           open_run IS NULL AND NOT (keep_newest AND bool_or(open_run IS NOT NULL) OVER (ORDER BY planned_from))
    FROM expired ORDER BY planned_from
$$;
COMMENT ON FUNCTION scoring.expired_predictions(text) IS
    'The partitions of a job''s predictions in which everything is older than the job keeps it; one goes unless a run in it is open, or in one before it where the newest predictions are kept';

-- What readers could see at any instant since "since" stays answerable when of the old predictions only these are left: those that
-- were shown at some instant since, and to which no newer one of the key was preferred all the time.
CREATE FUNCTION scoring.still_shown(job text) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT format($query$
        FROM scoring.%1$I AS old
        WHERE old.planned_on < $1
          AND EXISTS (SELECT FROM scoring.run_publications AS shown WHERE shown.run_id = old.run_id AND (shown.shown_to IS NULL OR shown.shown_to > $2))
          AND NOT EXISTS (
              SELECT FROM scoring.%1$I AS newer JOIN scoring.run_publications AS shown USING (run_id)
              WHERE %2$s AND (%3$s newer.run_id) > (%4$s old.run_id) AND shown.shown_from <= $2 AND shown.shown_to IS NULL)
        $query$,
        still_shown.job || '_predictions',
        string_agg(format('newer.%1$I = old.%1$I', name), ' AND ' ORDER BY place),
        CASE WHEN has_cursor THEN 'newer.source_cursor,' END, CASE WHEN has_cursor THEN 'old.source_cursor,' END)
    FROM unnest(scoring.prediction_key(still_shown.job)) WITH ORDINALITY AS key (name, place)
    CROSS JOIN LATERAL (SELECT EXISTS (
        SELECT FROM pg_attribute
        WHERE attrelid = to_regclass(format('scoring.%I', still_shown.job || '_predictions')) AND attname = 'source_cursor') AS has_cursor) AS cursor
    GROUP BY has_cursor
$$;
COMMENT ON FUNCTION scoring.still_shown(text) IS
    'The FROM and WHERE that find, as "old", the predictions of runs planned before $1 that readers have to find for what they were shown at any instant since $2';

CREATE FUNCTION scoring.lock_predictions(job text, partitions text[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET lock_timeout = '200ms' AS $$
DECLARE
    places text := (SELECT string_agg(format('ONLY scoring.%I', name), ', ' ORDER BY place) FROM unnest(job || '_predictions' || partitions) WITH ORDINALITY AS wanted (name, place));
BEGIN
    -- Whoever comes after a lock that is waited for waits too. So it is waited for no longer than anybody minds, again and again.
    FOR attempt IN 1..25 LOOP
        BEGIN
            EXECUTE 'LOCK TABLE ' || places || ' IN ACCESS EXCLUSIVE MODE';
            RETURN;
        EXCEPTION WHEN lock_not_available THEN
            PERFORM pg_sleep(0.2);
        END;
    END LOOP;
    RAISE EXCEPTION 'The predictions of job "%" have been in use for 10 s, by the server''s process(es) %.', job, (
        SELECT string_agg(DISTINCT pid::text, ', ') FROM pg_locks
        WHERE locktype = 'relation' AND relation = to_regclass(format('scoring.%I', job || '_predictions')) AND pid <> pg_backend_pid() AND granted)
        USING ERRCODE = 'lock_not_available';
END
$$;
COMMENT ON FUNCTION scoring.lock_predictions(text, text[]) IS 'Waits up to 10 s for readers and writers of a job''s predictions to be done, without ever having others wait for more than 0.2 s';

-- All of it or nothing: one transaction moves aside what is kept, drops the partitions and moves the history's beginning. Nobody can
-- publish or withdraw meanwhile; readers and writers are kept out for the last moment only.
CREATE FUNCTION scoring.drop_expired_predictions(job text)
RETURNS TABLE (partitions text[], rows_kept bigint, whole_since timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET work_mem = '64MB' SET jit = off AS $$
#variable_conflict use_column
DECLARE
    parent text := drop_expired_predictions.job || '_predictions';
    kept   text := parent || '_kept';
    fresh  text := parent || '_keeping';
    shown  text := scoring.still_shown(drop_expired_predictions.job);
    terms  scoring.retention;
    before date;
    since  timestamptz;
    lost   boolean := false;
    saved  bigint := 0;
    runs   bigint[] := '{}';
    gone   text[];
    name   text;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('batchscorer publications of ' || drop_expired_predictions.job, 0));
    SELECT * INTO terms FROM scoring.retention AS terms WHERE terms.job = drop_expired_predictions.job;
    SELECT array_agg(expired.partition), max(planned_to) INTO gone, before FROM scoring.expired_predictions(drop_expired_predictions.job) AS expired WHERE goes;
    IF gone IS NULL THEN
        RETURN;
    END IF;
    since := now() - terms.keep_predictions;

    IF terms.keep_newest THEN
        EXECUTE format('CREATE TABLE scoring.%I (LIKE scoring.%I INCLUDING ALL, CHECK (planned_on < %L))', fresh, parent, before);
        EXECUTE format('INSERT INTO scoring.%I SELECT old.* %s', fresh, shown) USING before, since;
        GET DIAGNOSTICS saved = ROW_COUNT;
        EXECUTE format('SELECT coalesce(array_agg(DISTINCT run_id), ''{}'') FROM scoring.%I', fresh) INTO runs;
        EXECUTE format('ANALYZE scoring.%I', fresh);
        gone := gone || ARRAY(SELECT part.partition FROM scoring.predictions_partitions(drop_expired_predictions.job) AS part WHERE part.partition = kept);
    ELSE
        EXECUTE format('SELECT EXISTS (SELECT %s)', shown) INTO lost USING before, since;
    END IF;

    PERFORM scoring.lock_predictions(drop_expired_predictions.job, gone);
    FOREACH name IN ARRAY gone LOOP
        EXECUTE format('DROP TABLE scoring.%I', name);
    END LOOP;
    IF saved > 0 THEN
        EXECUTE format('ALTER TABLE scoring.%I RENAME TO %I', fresh, kept);
        EXECUTE format('ALTER TABLE scoring.%I ATTACH PARTITION scoring.%I FOR VALUES FROM (MINVALUE) TO (%L)', parent, kept, before);
    ELSIF terms.keep_newest THEN
        EXECUTE format('DROP TABLE scoring.%I', fresh);
    END IF;
    -- What readers were shown until now and no longer are, cannot be told of any instant before.
    UPDATE scoring.retention AS terms
    SET whole_since = greatest(terms.whole_since, CASE WHEN lost THEN clock_timestamp() ELSE since END), kept_runs = runs
    WHERE terms.job = drop_expired_predictions.job
    RETURNING gone, saved, terms.whole_since INTO partitions, rows_kept, whole_since;
    RETURN NEXT;
END
$$;
COMMENT ON FUNCTION scoring.drop_expired_predictions(text) IS
    'Drops the partitions of a job''s predictions that are older than it keeps them, having moved aside those that are kept; answers which, or nothing where there was nothing to drop';

CREATE FUNCTION scoring.history_reaches(job text, "at" timestamptz) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    whole_since timestamptz := (SELECT terms.whole_since FROM scoring.retention AS terms WHERE terms.job = history_reaches.job);
BEGIN
    IF "at" < whole_since THEN
        RAISE EXCEPTION 'What job "%" showed at % is not kept: its history is whole since %. Ask for that instant or a later one.', job, "at", whole_since
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN true;
END
$$;
COMMENT ON FUNCTION scoring.history_reaches(text, timestamptz) IS 'True, or an error where not all is known any more that readers of a job''s predictions saw at an instant';

-- What others go by stays whatever its age: runs whose predictions are there, and those by which a job's next run is told from its last.
CREATE FUNCTION scoring.expired_runs(job text) RETURNS SETOF bigint
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET jit = off AS $$
    WITH partitions AS MATERIALIZED (
        SELECT planned_from, planned_to FROM scoring.predictions_partitions(expired_runs.job) WHERE planned_from > '-infinity'
    ), needed AS MATERIALIZED (
        SELECT unnest(kept_runs) AS run_id FROM scoring.retention WHERE retention.job = expired_runs.job
        UNION
        SELECT unnest(ARRAY[
            max(run_id), max(run_id) FILTER (WHERE continuing), max(run_id) FILTER (WHERE followed_runs IS NOT NULL), max(run_id) FILTER (WHERE state = 'published'),
            max(run_id) FILTER (WHERE state = 'published' AND trigger <> 'replay' AND (continuing OR mode <> 'window'))])
        FROM scoring.runs WHERE runs.job = expired_runs.job
        UNION
        (SELECT run_id FROM scoring.runs WHERE runs.job = expired_runs.job AND slot IS NOT NULL ORDER BY slot DESC LIMIT 1)
        UNION
        SELECT unnest(followed_runs)
        FROM (SELECT DISTINCT ON (follower.job) followed_runs FROM scoring.runs AS follower WHERE followed_runs IS NOT NULL ORDER BY follower.job, run_id DESC) AS last
    )
    SELECT run_id
    FROM scoring.runs AS run JOIN scoring.retention AS terms USING (job)
    WHERE run.job = expired_runs.job AND run.state IN ('published', 'withdrawn', 'abandoned') AND run.finished_at < now() - keep_runs
      AND (rows_scored = 0 OR NOT EXISTS (SELECT FROM partitions WHERE planned_from <= planned_on AND planned_to > planned_on))
      AND NOT EXISTS (SELECT FROM needed WHERE needed.run_id = run.run_id)
      AND NOT EXISTS (SELECT FROM scoring.rejected_rows AS rejected WHERE rejected.taken_up_by = run.run_id)
      AND NOT EXISTS (SELECT FROM scoring.backfills AS backfill WHERE backfill.backfill_id = run.backfill_id AND backfill.state = 'running')
    ORDER BY run_id
$$;
COMMENT ON FUNCTION scoring.expired_runs(text) IS 'The runs of a job that are older than it keeps them, and that nothing leads back to any more';

CREATE FUNCTION scoring.expired_rejected_rows(job text) RETURNS TABLE (run_id bigint, key jsonb)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp SET jit = off AS $$
    SELECT rejected.run_id, rejected.key
    FROM scoring.rejected_rows AS rejected
    JOIN scoring.retention AS terms USING (job)
    JOIN scoring.runs AS run USING (run_id)
    LEFT JOIN scoring.runs AS replay ON replay.run_id = rejected.taken_up_by
    WHERE rejected.job = expired_rejected_rows.job AND rejected.rejected_at < now() - keep_rejected_rows
      AND run.state IN ('published', 'withdrawn', 'abandoned') AND (replay.state IS NULL OR replay.state IN ('published', 'withdrawn', 'abandoned'))
$$;
COMMENT ON FUNCTION scoring.expired_rejected_rows(text) IS 'The rejected rows of a job that are older than it keeps them, but for those of runs that are open and those that an open replay has taken up';

CREATE FUNCTION scoring.forget_expired_rejected_rows(job text) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH forgotten AS (
        DELETE FROM scoring.rejected_rows AS rejected USING (SELECT * FROM scoring.expired_rejected_rows(forget_expired_rejected_rows.job) LIMIT 10000) AS expired
        WHERE (rejected.run_id, rejected.key) = (expired.run_id, expired.key)
        RETURNING 1
    )
    SELECT count(*) FROM forgotten
$$;
COMMENT ON FUNCTION scoring.forget_expired_rejected_rows(text) IS 'Deletes at most 10,000 of a job''s rejected rows that are older than it keeps them; answers how many';

CREATE FUNCTION scoring.forget_expired_runs(job text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    forgotten bigint;
BEGIN
    DELETE FROM scoring.runs AS run WHERE run.run_id IN (SELECT expired.run_id FROM scoring.expired_runs(forget_expired_runs.job) AS expired (run_id) LIMIT 200);
    GET DIAGNOSTICS forgotten = ROW_COUNT;
    DELETE FROM scoring.backfills AS backfill USING scoring.retention AS terms
    WHERE backfill.job = forget_expired_runs.job AND terms.job = backfill.job AND backfill.state <> 'running' AND backfill.finished_at < now() - terms.keep_runs
      AND NOT EXISTS (SELECT FROM scoring.runs AS run WHERE run.backfill_id = backfill.backfill_id);
    RETURN forgotten;
END
$$;
COMMENT ON FUNCTION scoring.forget_expired_runs(text) IS
    'Deletes at most 200 of a job''s runs that are older than it keeps them, with all that the ledger has of them, and backfills of which no run is left; answers how many runs';

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA scoring FROM PUBLIC;

-- A second model that scores the rows of a job's runs beside the job's own. What it answers is kept apart: a table a job, which no view of
-- the job's predictions reads, with the same partitions.

ALTER TABLE scoring.runs
    ADD COLUMN challenger_name    text GENERATED ALWAYS AS (manifest #>> '{challenger,model,name}') STORED,
    ADD COLUMN challenger_version text GENERATED ALWAYS AS (manifest #>> '{challenger,model,version}') STORED,
    ADD COLUMN challenger_sha256  text GENERATED ALWAYS AS (manifest #>> '{challenger,model,sha256}') STORED;
COMMENT ON COLUMN scoring.runs.challenger_name IS 'The name of the model that scored the rows beside; null where none did';
COMMENT ON COLUMN scoring.runs.challenger_version IS 'Its version; null where none did';
COMMENT ON COLUMN scoring.runs.challenger_sha256 IS 'SHA-256 of its file, which is in scoring.models; null where none did';

CREATE TABLE scoring.challenger_chunks (
    run_id        bigint NOT NULL,
    chunk_no      integer NOT NULL,
    rows_scored   integer NOT NULL,
    rows_rejected integer NOT NULL,
    rejection     text,
    fault         text,
    took_ms       integer NOT NULL,
    PRIMARY KEY (run_id, chunk_no),
    FOREIGN KEY (run_id, chunk_no) REFERENCES scoring.chunks ON DELETE CASCADE
);
COMMENT ON TABLE scoring.challenger_chunks IS 'What became of the chunks of runs that have a challenger, as far as the challenger goes; written with the chunk''s predictions';
COMMENT ON COLUMN scoring.challenger_chunks.run_id IS 'The run';
COMMENT ON COLUMN scoring.challenger_chunks.chunk_no IS 'The chunk';
COMMENT ON COLUMN scoring.challenger_chunks.rows_scored IS 'Rows that the challenger has answered to';
COMMENT ON COLUMN scoring.challenger_chunks.rows_rejected IS 'Rows that it could not score; the job''s own model may have';
COMMENT ON COLUMN scoring.challenger_chunks.rejection IS 'Why the first of them could not be scored; null where all were';
COMMENT ON COLUMN scoring.challenger_chunks.fault IS 'Why the chunk is left out of comparisons; null where it is not';
COMMENT ON COLUMN scoring.challenger_chunks.took_ms IS 'Milliseconds that the challenger cost';

CREATE VIEW scoring.challenger_runs AS
SELECT run.job, run.run_id, run.state, run.finished_at, run.model_name, run.model_version, run.model_sha256,
       run.challenger_name, run.challenger_version, run.challenger_sha256,
       chunk.rows_scored, chunk.rows_rejected, chunk.rejection, chunk.chunks_left_out, chunk.fault, chunk.took
FROM scoring.runs AS run
LEFT JOIN LATERAL (
    SELECT sum(rows_scored)::bigint AS rows_scored, sum(rows_rejected)::bigint AS rows_rejected, count(fault)::integer AS chunks_left_out,
           (array_agg(rejection ORDER BY chunk_no) FILTER (WHERE rejection IS NOT NULL))[1] AS rejection,
           (array_agg(fault ORDER BY chunk_no) FILTER (WHERE fault IS NOT NULL))[1] AS fault,
           make_interval(secs => sum(took_ms) / 1000.0) AS took
    FROM scoring.challenger_chunks WHERE challenger_chunks.run_id = run.run_id
) AS chunk ON true
WHERE run.challenger_name IS NOT NULL;
COMMENT ON VIEW scoring.challenger_runs IS 'The runs that have a challenger, and what became of their rows with it';
COMMENT ON COLUMN scoring.challenger_runs.job IS 'The job';
COMMENT ON COLUMN scoring.challenger_runs.run_id IS 'The run, in scoring.run_summary';
COMMENT ON COLUMN scoring.challenger_runs.state IS 'What has become of the run; published ones are compared';
COMMENT ON COLUMN scoring.challenger_runs.finished_at IS 'When the run was over';
COMMENT ON COLUMN scoring.challenger_runs.model_name IS 'The model whose predictions readers see';
COMMENT ON COLUMN scoring.challenger_runs.model_version IS 'Its version';
COMMENT ON COLUMN scoring.challenger_runs.model_sha256 IS 'SHA-256 of its file';
COMMENT ON COLUMN scoring.challenger_runs.challenger_name IS 'The model that scored beside';
COMMENT ON COLUMN scoring.challenger_runs.challenger_version IS 'Its version';
COMMENT ON COLUMN scoring.challenger_runs.challenger_sha256 IS 'SHA-256 of its file';
COMMENT ON COLUMN scoring.challenger_runs.rows_scored IS 'Rows that the challenger has answered to';
COMMENT ON COLUMN scoring.challenger_runs.rows_rejected IS 'Rows that it could not score; the job''s own model may have';
COMMENT ON COLUMN scoring.challenger_runs.rejection IS 'Why the first of them could not be scored; null where all were';
COMMENT ON COLUMN scoring.challenger_runs.chunks_left_out IS 'Chunks that are left out of comparisons';
COMMENT ON COLUMN scoring.challenger_runs.fault IS 'Why the first of them is; null where none is';
COMMENT ON COLUMN scoring.challenger_runs.took IS 'The time that the challenger cost, of all workers together';

CREATE FUNCTION scoring.challenger_partitions(job text) RETURNS TABLE (partition text, beside text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT part.relname::text, challenger_partitions.job || '_predictions' || substr(part.relname, length(challenger_partitions.job || '_challenger') + 1)
    FROM pg_inherits JOIN pg_class AS part ON part.oid = inhrelid
    WHERE inhparent = to_regclass(format('scoring.%I', challenger_partitions.job || '_challenger'))
$$;
COMMENT ON FUNCTION scoring.challenger_partitions(text) IS 'The partitions of what a job''s challengers have answered, each with the name of the partition of predictions beside which it was made';

CREATE FUNCTION scoring.ensure_challenger_partition(job text, day date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    parent text := job || '_challenger';
    name   text;
    starts date;
    ends   date;
BEGIN
    SELECT parent || substr(partition, length(job || '_predictions') + 1), planned_from, planned_to INTO name, starts, ends
    FROM scoring.predictions_partitions(job) WHERE planned_from <= day AND planned_to > day;
    IF name IS NULL OR EXISTS (SELECT FROM scoring.challenger_partitions(job) AS part WHERE part.partition = name) THEN
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('batchscorer partitions of ' || job, 0));
    -- Somebody may have made it meanwhile.
    IF EXISTS (SELECT FROM scoring.challenger_partitions(job) AS part WHERE part.partition = name) THEN
        RETURN;
    END IF;
    EXECUTE format('CREATE TABLE scoring.%I (LIKE scoring.%I INCLUDING ALL, CHECK (planned_on >= %L AND planned_on < %L))', name, parent, starts, ends);
    EXECUTE format('ALTER TABLE scoring.%I ATTACH PARTITION scoring.%I FOR VALUES FROM (%L) TO (%L)', parent, name, starts, ends);
END
$$;
COMMENT ON FUNCTION scoring.ensure_challenger_partition(text, date) IS
    'Makes the partition of what a job''s challengers answer that goes with the partition of its predictions for this day, unless it is there';

CREATE FUNCTION scoring.drop_expired_challenger(job text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET lock_timeout = '200ms' AS $$
DECLARE
    gone text[] := ARRAY(
        SELECT part.partition FROM scoring.challenger_partitions(drop_expired_challenger.job) AS part
        WHERE NOT EXISTS (SELECT FROM scoring.predictions_partitions(drop_expired_challenger.job) AS kept WHERE kept.partition = part.beside));
    name text;
BEGIN
    IF cardinality(gone) = 0 THEN
        RETURN false;
    END IF;
    -- As scoring.lock_predictions does; who comes again within the hour may find them free.
    FOR attempt IN 1..25 LOOP
        BEGIN
            EXECUTE (SELECT format('LOCK TABLE %s IN ACCESS EXCLUSIVE MODE', string_agg(format('ONLY scoring.%I', place), ', ')) FROM unnest((job || '_challenger') || gone) AS place);
            FOREACH name IN ARRAY gone LOOP
                EXECUTE format('DROP TABLE scoring.%I', name);
            END LOOP;
            RETURN true;
        EXCEPTION WHEN lock_not_available THEN
            PERFORM pg_sleep(0.2);
        END;
    END LOOP;
    RETURN false;
END
$$;
COMMENT ON FUNCTION scoring.drop_expired_challenger(text) IS
    'Drops the partitions of what a job''s challengers have answered beside which no predictions are left; answers false where there were none, or they have been in use all the time';

CREATE OR REPLACE FUNCTION scoring.grant_job_access(job text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    owner   text := scoring.present_role('owner');
    runner  text := scoring.present_role('runner');
    analyst text := scoring.present_role('analyst');
    compares boolean := to_regclass(format('scoring.%I', job || '_comparison')) IS NOT NULL;
    reader  text;
BEGIN
    IF to_regclass(format('scoring.%I', job || '_history')) IS NULL THEN
        RETURN; -- An older version made its tables; db migrate makes the rest.
    END IF;
    IF runner IS NOT NULL THEN
        EXECUTE format('GRANT SELECT, INSERT ON scoring.%I TO %I', job || '_predictions', runner);
        IF compares THEN
            EXECUTE format('GRANT SELECT, INSERT ON scoring.%I TO %I', job || '_challenger', runner);
        END IF;
    END IF;
    FOREACH reader IN ARRAY array_remove(ARRAY[runner, analyst], NULL) LOOP
        EXECUTE format('GRANT SELECT ON scoring.%I, scoring.%I TO %I', job || '_latest', job || '_history', reader);
        EXECUTE format('GRANT EXECUTE ON FUNCTION scoring.%I(timestamptz) TO %I', job || '_as_of', reader);
        IF compares THEN
            EXECUTE format('GRANT SELECT ON scoring.%I TO %I', job || '_comparison', reader);
        END IF;
    END LOOP;
    IF owner IS NOT NULL AND pg_has_role(owner, 'USAGE') THEN
        PERFORM scoring.hand_over(owner);
    END IF;
END
$$;

-- Each part of the ledger gives its own rights.
CREATE FUNCTION scoring.grant_challenger_access(runner text, analyst text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF runner IS NOT NULL THEN
        EXECUTE format('GRANT SELECT, INSERT, UPDATE ON scoring.challenger_chunks TO %I', runner);
        EXECUTE format('GRANT SELECT ON scoring.challenger_runs TO %I', runner);
        EXECUTE format('GRANT EXECUTE ON FUNCTION scoring.ensure_challenger_partition(text, date), scoring.drop_expired_challenger(text) TO %I', runner);
    END IF;
    IF analyst IS NOT NULL THEN
        EXECUTE format('GRANT SELECT ON scoring.challenger_runs TO %I', analyst);
    END IF;
END
$$;
COMMENT ON FUNCTION scoring.grant_challenger_access(text, text) IS 'Gives runner and analyst what they need of challengers; null for a role that is not there';

CREATE OR REPLACE FUNCTION scoring.grant_ledger_access(runner text, analyst text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM scoring.grant_run_access(runner, analyst);
    PERFORM scoring.grant_model_access(runner, analyst);
    PERFORM scoring.grant_profile_access(runner, analyst);
    PERFORM scoring.grant_quality_access(runner, analyst);
    PERFORM scoring.grant_alarm_access(runner, analyst);
    PERFORM scoring.grant_challenger_access(runner, analyst);
END
$$;

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA scoring FROM PUBLIC;

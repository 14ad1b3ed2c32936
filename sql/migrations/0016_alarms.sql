-- Limits that a job's runs have crossed, who is told of it, and runs whose predictions wait for somebody to publish them.

ALTER TABLE scoring.runs ADD COLUMN held_reason text;
COMMENT ON COLUMN scoring.runs.held_reason IS 'The alarms for which the run was not published at its end; while its state is succeeded it waits for runs publish. Null for a run that was never held';

CREATE OR REPLACE VIEW scoring.run_summary AS
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
       run.host, run.program_version,
       run.held_reason
FROM scoring.runs AS run
LEFT JOIN scoring.run_publications AS publication ON publication.run_id = run.run_id AND publication.shown_to IS NULL
LEFT JOIN LATERAL (
    SELECT count(*) FILTER (WHERE state = 'done')::integer AS chunks_done, count(*) FILTER (WHERE state = 'failed')::integer AS chunks_failed
    FROM scoring.chunks WHERE chunks.run_id = run.run_id
) AS done ON true;
COMMENT ON COLUMN scoring.run_summary.held_reason IS 'The alarms for which it was not published at its end; while its state is succeeded it waits for somebody to publish it';

CREATE TABLE scoring.alarm_notices (
    notice_id       uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    job             text NOT NULL REFERENCES scoring.jobs ON DELETE CASCADE,
    run_id          bigint REFERENCES scoring.runs ON DELETE CASCADE,
    url             text NOT NULL,
    secret          text NOT NULL,
    body            text NOT NULL,
    written_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    attempts        integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    error           text,
    delivered_at    timestamptz
);
CREATE INDEX alarm_notices_to_send ON scoring.alarm_notices (next_attempt_at) WHERE delivered_at IS NULL;
CREATE INDEX alarm_notices_by_run ON scoring.alarm_notices (run_id);
COMMENT ON TABLE scoring.alarm_notices IS 'What webhooks are told of alarms: written with the alarms, sent by whoever is alive, at least once';
COMMENT ON COLUMN scoring.alarm_notices.notice_id IS 'Number of the notice, which its receiver gets to tell one that comes twice';
COMMENT ON COLUMN scoring.alarm_notices.job IS 'The job';
COMMENT ON COLUMN scoring.alarm_notices.run_id IS 'The run; null where an alarm is of no run';
COMMENT ON COLUMN scoring.alarm_notices.url IS 'Where it is posted to';
COMMENT ON COLUMN scoring.alarm_notices.secret IS 'The name of the environment variable with the secret that signs it';
COMMENT ON COLUMN scoring.alarm_notices.body IS 'What is posted, as JSON; it goes as it is here, since it is signed';
COMMENT ON COLUMN scoring.alarm_notices.written_at IS 'When the alarms were raised';
COMMENT ON COLUMN scoring.alarm_notices.attempts IS 'How often somebody began to send it';
COMMENT ON COLUMN scoring.alarm_notices.next_attempt_at IS 'When it is sent next; while somebody sends it, when others would';
COMMENT ON COLUMN scoring.alarm_notices.error IS 'Why it could not be sent the last time; null before, and once it was';
COMMENT ON COLUMN scoring.alarm_notices.delivered_at IS 'When its receiver had accepted it; null before';

CREATE TABLE scoring.alarms (
    alarm_id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    job         text NOT NULL REFERENCES scoring.jobs ON DELETE CASCADE,
    run_id      bigint REFERENCES scoring.runs ON DELETE CASCADE,
    kind        text NOT NULL,
    subject     text NOT NULL,
    value       double precision NOT NULL,
    limit_value double precision NOT NULL,
    message     text NOT NULL,
    look_at     text NOT NULL,
    since       timestamptz NOT NULL,
    raised_at   timestamptz NOT NULL,
    cleared_at  timestamptz,
    notice_id   uuid REFERENCES scoring.alarm_notices ON DELETE SET NULL
);
CREATE UNIQUE INDEX alarms_once_a_run ON scoring.alarms (run_id, kind, subject) WHERE run_id IS NOT NULL;
CREATE UNIQUE INDEX alarms_one_that_stands ON scoring.alarms (job, kind, subject) WHERE cleared_at IS NULL;
CREATE INDEX alarms_by_notice ON scoring.alarms (notice_id);
COMMENT ON TABLE scoring.alarms IS 'Limits of jobs that were crossed: what, by how much, since when, and what to look at';
COMMENT ON COLUMN scoring.alarms.alarm_id IS 'Number of the alarm';
COMMENT ON COLUMN scoring.alarms.job IS 'The job';
COMMENT ON COLUMN scoring.alarms.run_id IS 'The run that crossed the limit; null where it is of no run, as staleness is';
COMMENT ON COLUMN scoring.alarms.kind IS 'The property of the job''s alarms whose limit was crossed: rejectedShare, duration, rows, stale and others';
COMMENT ON COLUMN scoring.alarms.subject IS 'What of it: a bound, a column or a metric; empty where there is but one';
COMMENT ON COLUMN scoring.alarms.value IS 'What was measured: a share, seconds, rows, or a metric''s value';
COMMENT ON COLUMN scoring.alarms.limit_value IS 'The limit at that time, in the same unit';
COMMENT ON COLUMN scoring.alarms.message IS 'What is the matter, in words';
COMMENT ON COLUMN scoring.alarms.look_at IS 'What to look at next';
COMMENT ON COLUMN scoring.alarms.since IS 'When the limit was first crossed, without a run in between that kept to it';
COMMENT ON COLUMN scoring.alarms.raised_at IS 'When the alarm was raised';
COMMENT ON COLUMN scoring.alarms.cleared_at IS 'When a later run kept to the limit, or raised the same alarm with the same since; null while the alarm stands';
COMMENT ON COLUMN scoring.alarms.notice_id IS 'What the job''s webhook is told of it; null where the job has none';

-- Alarms that are of a run go with it. Those of none, and what webhooks were told of these, are kept as long.
CREATE OR REPLACE FUNCTION scoring.forget_expired_runs(job text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    forgotten bigint;
    kept_since CONSTANT timestamptz := (SELECT now() - keep_runs FROM scoring.retention WHERE retention.job = forget_expired_runs.job);
BEGIN
    DELETE FROM scoring.runs AS run WHERE run.run_id IN (SELECT expired.run_id FROM scoring.expired_runs(forget_expired_runs.job) AS expired (run_id) LIMIT 200);
    GET DIAGNOSTICS forgotten = ROW_COUNT;
    DELETE FROM scoring.backfills AS backfill
    WHERE backfill.job = forget_expired_runs.job AND backfill.state <> 'running' AND backfill.finished_at < kept_since
      AND NOT EXISTS (SELECT FROM scoring.runs AS run WHERE run.backfill_id = backfill.backfill_id);
    DELETE FROM scoring.alarms AS alarm WHERE alarm.job = forget_expired_runs.job AND alarm.run_id IS NULL AND alarm.cleared_at < kept_since;
    DELETE FROM scoring.alarm_notices AS notice WHERE notice.job = forget_expired_runs.job AND notice.run_id IS NULL AND notice.written_at < kept_since;
    RETURN forgotten;
END
$$;
COMMENT ON FUNCTION scoring.forget_expired_runs(text) IS
    'Deletes at most 200 of a job''s runs that are older than it keeps them, with all that the ledger has of them, backfills of which no run is left, and alarms of no run; answers how many runs';

CREATE FUNCTION scoring.grant_alarm_access(runner text, analyst text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF runner IS NOT NULL THEN
        EXECUTE format('GRANT UPDATE (held_reason) ON scoring.runs TO %I', runner);
        EXECUTE format('GRANT SELECT, INSERT ON scoring.alarms, scoring.alarm_notices TO %I', runner);
        EXECUTE format('GRANT UPDATE (value, limit_value, message, look_at, cleared_at, raised_at, since, notice_id) ON scoring.alarms TO %I', runner);
        EXECUTE format('GRANT UPDATE (attempts, next_attempt_at, error, delivered_at) ON scoring.alarm_notices TO %I', runner);
    END IF;
    IF analyst IS NOT NULL THEN
        EXECUTE format('GRANT SELECT ON scoring.alarms TO %I', analyst);
    END IF;
END
$$;
COMMENT ON FUNCTION scoring.grant_alarm_access(text, text) IS 'Gives runner and analyst what they need of alarms; null for a role that is not there';

CREATE OR REPLACE FUNCTION scoring.grant_ledger_access(runner text, analyst text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM scoring.grant_run_access(runner, analyst);
    PERFORM scoring.grant_model_access(runner, analyst);
    PERFORM scoring.grant_profile_access(runner, analyst);
    PERFORM scoring.grant_quality_access(runner, analyst);
    PERFORM scoring.grant_alarm_access(runner, analyst);
END
$$;

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA scoring FROM PUBLIC;

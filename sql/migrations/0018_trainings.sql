-- The record of trainings: which job's model was trained when, why, on how much, and what came of it.

CREATE TABLE scoring.trainings (
    training_id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    job           text NOT NULL REFERENCES scoring.jobs ON DELETE CASCADE,
    reason        text NOT NULL CHECK (reason IN ('manual', 'schedule', 'alarm')),
    slot          timestamptz,
    state         text NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'registered', 'promoted', 'failed', 'cancelled', 'lost')),
    labelled      bigint,
    rows          bigint,
    model_name    text,
    model_version text,
    model_sha256  text,
    error         text,
    host          text NOT NULL,
    started_by    text NOT NULL DEFAULT session_user,
    started_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    finished_at   timestamptz,
    FOREIGN KEY (model_name, model_version) REFERENCES scoring.model_versions,
    UNIQUE (job, slot),
    CHECK ((state = 'running') = (finished_at IS NULL)),
    CHECK (state NOT IN ('registered', 'promoted') OR model_version IS NOT NULL)
);
COMMENT ON TABLE scoring.trainings IS 'Each training of a job''s model, and what came of it';
COMMENT ON COLUMN scoring.trainings.training_id IS 'Number of the training';
COMMENT ON COLUMN scoring.trainings.job IS 'The job whose labelled predictions were trained on';
COMMENT ON COLUMN scoring.trainings.reason IS 'Why: manual, schedule or alarm';
COMMENT ON COLUMN scoring.trainings.slot IS 'When it was due by its schedule, or the alarm began; null for others. A slot has one training, whatever the number of nodes';
COMMENT ON COLUMN scoring.trainings.state IS 'running; registered or promoted, when a model came of it; failed or cancelled; lost, when whoever trained has gone without a word';
COMMENT ON COLUMN scoring.trainings.labelled IS 'How many labelled predictions there were';
COMMENT ON COLUMN scoring.trainings.rows IS 'How many rows of them the data set had';
COMMENT ON COLUMN scoring.trainings.model_name IS 'The model that came of it; null for none';
COMMENT ON COLUMN scoring.trainings.model_version IS 'The version that it was registered as';
COMMENT ON COLUMN scoring.trainings.model_sha256 IS 'SHA-256 of its file, lower-case hexadecimal';
COMMENT ON COLUMN scoring.trainings.error IS 'Why it failed; null where it did not';
COMMENT ON COLUMN scoring.trainings.host IS 'The machine that trained';
COMMENT ON COLUMN scoring.trainings.started_by IS 'The login that trained';
COMMENT ON COLUMN scoring.trainings.started_at IS 'When it began';
COMMENT ON COLUMN scoring.trainings.finished_at IS 'When it ended, or was found to have';

CREATE FUNCTION scoring.grant_training_access(runner text, analyst text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF runner IS NOT NULL THEN
        EXECUTE format('GRANT SELECT, INSERT (job, reason, slot, host) ON scoring.trainings TO %I', runner);
        EXECUTE format('GRANT UPDATE (state, labelled, rows, model_name, model_version, model_sha256, error, finished_at) ON scoring.trainings TO %I', runner);
    END IF;
    IF analyst IS NOT NULL THEN
        -- What a command says may quote rows of a source.
        EXECUTE format('GRANT SELECT (training_id, job, reason, slot, state, labelled, rows, model_name, model_version, model_sha256, started_at, finished_at) ON scoring.trainings TO %I', analyst);
    END IF;
END
$$;
COMMENT ON FUNCTION scoring.grant_training_access(text, text) IS 'Gives runner and analyst what they need of trainings; null for a role that is not there';

CREATE OR REPLACE FUNCTION scoring.grant_ledger_access(runner text, analyst text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM scoring.grant_run_access(runner, analyst);
    PERFORM scoring.grant_model_access(runner, analyst);
    PERFORM scoring.grant_profile_access(runner, analyst);
    PERFORM scoring.grant_quality_access(runner, analyst);
    PERFORM scoring.grant_alarm_access(runner, analyst);
    PERFORM scoring.grant_challenger_access(runner, analyst);
    PERFORM scoring.grant_training_access(runner, analyst);
END
$$;
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA scoring FROM PUBLIC;

-- Models by name and version, and which version of each is in use. Files live in the model store, found by their hash; what a run has frozen
-- stays in scoring.models.

CREATE TABLE scoring.model_versions (
    name          text NOT NULL CHECK (name ~ '^[a-z][a-z0-9_]{0,39}$'),
    version       text NOT NULL CHECK (version ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$' AND lower(version) <> 'champion'),
    sha256        text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    size_bytes    bigint NOT NULL CHECK (size_bytes > 0),
    schema        jsonb NOT NULL,
    steps         text[] NOT NULL,
    engine        text NOT NULL,
    golden_rows   jsonb,
    notes         text,
    registered_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    registered_by text NOT NULL DEFAULT session_user,
    PRIMARY KEY (name, version)
);
COMMENT ON TABLE scoring.model_versions IS 'The models that are registered; a version never changes and never goes';
COMMENT ON COLUMN scoring.model_versions.name IS 'The model''s name, by which jobs refer to it';
COMMENT ON COLUMN scoring.model_versions.version IS 'The version; champion is no version but the name for the one that is promoted';
COMMENT ON COLUMN scoring.model_versions.sha256 IS 'SHA-256 of the file, lower-case hexadecimal; under it the file is in the model store';
COMMENT ON COLUMN scoring.model_versions.size_bytes IS 'Size of the file';
COMMENT ON COLUMN scoring.model_versions.schema IS 'What the model reads and answers: names and types of inputs and outputs';
COMMENT ON COLUMN scoring.model_versions.steps IS 'The kinds of the model''s steps, as ML.NET names them, in the order of the file';
COMMENT ON COLUMN scoring.model_versions.engine IS 'The engine that loaded the model when it was registered';
COMMENT ON COLUMN scoring.model_versions.golden_rows IS
    'Rows with the answers that the model gave when it was registered, by column, each value as text; it has to give them whenever it is promoted or planned with. Null for none';
COMMENT ON COLUMN scoring.model_versions.notes IS 'What whoever registered it wanted to say';
COMMENT ON COLUMN scoring.model_versions.registered_at IS 'When it was registered';
COMMENT ON COLUMN scoring.model_versions.registered_by IS 'The login that registered it';

-- Each promotion names the one that it replaces, and only one can: whoever promotes by what has changed meanwhile is refused by an index.
CREATE TABLE scoring.model_promotions (
    promotion_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name         text NOT NULL,
    version      text NOT NULL,
    replaces     bigint UNIQUE,
    reason       text NOT NULL CHECK (reason IN ('promote', 'rollback')),
    promoted_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    promoted_by  text NOT NULL DEFAULT session_user,
    FOREIGN KEY (name, version) REFERENCES scoring.model_versions,
    UNIQUE (name, promotion_id),
    FOREIGN KEY (name, replaces) REFERENCES scoring.model_promotions (name, promotion_id),
    CHECK (replaces < promotion_id),
    CHECK (reason = 'promote' OR replaces IS NOT NULL)
);
CREATE UNIQUE INDEX model_promotions_first ON scoring.model_promotions (name) WHERE replaces IS NULL;
COMMENT ON TABLE scoring.model_promotions IS 'Which version of each model was put in use when, by whom and instead of which; rows are only added, and the last one of a model says its champion';
COMMENT ON COLUMN scoring.model_promotions.promotion_id IS 'Number of the promotion';
COMMENT ON COLUMN scoring.model_promotions.name IS 'The model';
COMMENT ON COLUMN scoring.model_promotions.version IS 'The version that was put in use';
COMMENT ON COLUMN scoring.model_promotions.replaces IS 'The promotion of the version that was in use before; null for the first';
COMMENT ON COLUMN scoring.model_promotions.reason IS 'promote, or rollback to the version that was in use before the one it replaces';
COMMENT ON COLUMN scoring.model_promotions.promoted_at IS 'When';
COMMENT ON COLUMN scoring.model_promotions.promoted_by IS 'The login that did it';

CREATE VIEW scoring.model_champions AS
SELECT champion.name, champion.version, model.sha256, champion.reason, champion.promoted_at, champion.promoted_by, before.version AS instead_of
FROM scoring.model_promotions AS champion
JOIN scoring.model_versions AS model USING (name, version)
LEFT JOIN scoring.model_promotions AS before ON before.promotion_id = champion.replaces
WHERE NOT EXISTS (SELECT FROM scoring.model_promotions AS later WHERE later.replaces = champion.promotion_id);
COMMENT ON VIEW scoring.model_champions IS 'The version of each model that is in use, and how it came to be';
COMMENT ON COLUMN scoring.model_champions.name IS 'The model';
COMMENT ON COLUMN scoring.model_champions.version IS 'The version in use, which jobs call champion';
COMMENT ON COLUMN scoring.model_champions.sha256 IS 'SHA-256 of its file';
COMMENT ON COLUMN scoring.model_champions.reason IS 'promote or rollback';
COMMENT ON COLUMN scoring.model_champions.promoted_at IS 'When it was put in use';
COMMENT ON COLUMN scoring.model_champions.promoted_by IS 'The login that did it';
COMMENT ON COLUMN scoring.model_champions.instead_of IS 'The version that was in use before; null for the first';

CREATE FUNCTION scoring.refuse_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'Rows of %.% never change and never go; add a new one.', TG_TABLE_SCHEMA, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;
COMMENT ON FUNCTION scoring.refuse_change() IS 'Keeps the rows of a table as they were written, whoever asks';
CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON scoring.model_versions FOR EACH STATEMENT EXECUTE FUNCTION scoring.refuse_change();
CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE OR TRUNCATE ON scoring.model_promotions FOR EACH STATEMENT EXECUTE FUNCTION scoring.refuse_change();

-- Rights on the ledger are given by one function for each part of it.
ALTER FUNCTION scoring.grant_ledger_access(text, text) RENAME TO grant_run_access;
COMMENT ON FUNCTION scoring.grant_run_access(text, text) IS 'Gives runner and analyst what they need of jobs and runs, and the runner what Quartz needs; null for a role that is not there';

CREATE FUNCTION scoring.grant_model_access(runner text, analyst text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF runner IS NOT NULL THEN
        EXECUTE format('GRANT SELECT ON scoring.model_versions, scoring.model_promotions, scoring.model_champions TO %I', runner);
        -- Who and when are the server's to say.
        EXECUTE format('GRANT INSERT (name, version, sha256, size_bytes, schema, steps, engine, golden_rows, notes) ON scoring.model_versions TO %I', runner);
        EXECUTE format('GRANT INSERT (name, version, replaces, reason) ON scoring.model_promotions TO %I', runner);
    END IF;
    IF analyst IS NOT NULL THEN
        -- Golden rows are rows of a source.
        EXECUTE format('GRANT SELECT (name, version, sha256, size_bytes, schema, steps, engine, notes, registered_at, registered_by) ON scoring.model_versions TO %I', analyst);
        EXECUTE format('GRANT SELECT ON scoring.model_promotions, scoring.model_champions TO %I', analyst);
    END IF;
END
$$;
COMMENT ON FUNCTION scoring.grant_model_access(text, text) IS 'Gives runner and analyst what they need of the registered models; null for a role that is not there';

CREATE FUNCTION scoring.grant_ledger_access(runner text, analyst text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM scoring.grant_run_access(runner, analyst);
    PERFORM scoring.grant_model_access(runner, analyst);
END
$$;
COMMENT ON FUNCTION scoring.grant_ledger_access(text, text) IS 'Gives runner and analyst what they need of each part of the ledger; null for a role that is not there';

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA scoring FROM PUBLIC;

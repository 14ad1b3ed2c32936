-- What analysts read: views that explain themselves, and where each prediction comes from.

-- The manifest says it; here no view has to unpack it for each prediction.
ALTER TABLE scoring.runs
    ADD COLUMN model_name    text GENERATED ALWAYS AS (manifest -> 'model' ->> 'name') STORED,
    ADD COLUMN model_version text GENERATED ALWAYS AS (manifest -> 'model' ->> 'version') STORED;
COMMENT ON COLUMN scoring.runs.model_name IS 'The model''s name when the run was planned';
COMMENT ON COLUMN scoring.runs.model_version IS 'The model''s version as the job gave it when the run was planned';

ALTER TABLE scoring.jobs ADD COLUMN views_sha256 text;
COMMENT ON COLUMN scoring.jobs.views_sha256 IS 'SHA-256 of the statements that made the job''s views; they are made again when the statements change';

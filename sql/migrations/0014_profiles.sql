-- What the values of each run were like, and how far they are from those before. No values are kept but the frequent ones of texts.

CREATE TABLE scoring.chunk_profiles (
    run_id   bigint NOT NULL,
    chunk_no integer NOT NULL,
    profile  bytea NOT NULL,
    PRIMARY KEY (run_id, chunk_no),
    FOREIGN KEY (run_id, chunk_no) REFERENCES scoring.chunks ON DELETE CASCADE
);
COMMENT ON TABLE scoring.chunk_profiles IS 'The profiles of the chunks of runs that are open; a run''s are put together and deleted when it is published';
COMMENT ON COLUMN scoring.chunk_profiles.run_id IS 'The run';
COMMENT ON COLUMN scoring.chunk_profiles.chunk_no IS 'The chunk';
COMMENT ON COLUMN scoring.chunk_profiles.profile IS 'The profile of all columns, as the program writes it';

CREATE TABLE scoring.run_profiles (
    run_id             bigint NOT NULL REFERENCES scoring.runs ON DELETE CASCADE,
    side               text NOT NULL CHECK (side IN ('input', 'output')),
    column_name        text NOT NULL,
    place              integer NOT NULL,
    rows               bigint NOT NULL,
    nulls              bigint NOT NULL,
    mean               double precision,
    standard_deviation double precision,
    least              double precision,
    greatest           double precision,
    distinct_values    double precision,
    histogram          jsonb,
    categories         jsonb,
    profile            bytea NOT NULL,
    PRIMARY KEY (run_id, side, column_name)
);
COMMENT ON TABLE scoring.run_profiles IS 'What the values of each column of a published run were like, a row a column';
COMMENT ON COLUMN scoring.run_profiles.run_id IS 'The run';
COMMENT ON COLUMN scoring.run_profiles.side IS 'input (what the model read, after conversion) or output (what it answered)';
COMMENT ON COLUMN scoring.run_profiles.column_name IS 'The model''s name for the column; Features[3] for a slot of a vector';
COMMENT ON COLUMN scoring.run_profiles.place IS 'Place in the order of the model''s columns, from 0';
COMMENT ON COLUMN scoring.run_profiles.rows IS 'Rows that were scored';
COMMENT ON COLUMN scoring.run_profiles.nulls IS 'How many of them had no value: NaN, an empty text';
COMMENT ON COLUMN scoring.run_profiles.mean IS 'Mean of the finite numbers; null for texts';
COMMENT ON COLUMN scoring.run_profiles.standard_deviation IS 'Standard deviation of the finite numbers as a population; null for texts';
COMMENT ON COLUMN scoring.run_profiles.least IS 'Least number; null for texts';
COMMENT ON COLUMN scoring.run_profiles.greatest IS 'Greatest number; null for texts';
COMMENT ON COLUMN scoring.run_profiles.distinct_values IS 'How many different texts there were, within about 3 % above 1000; null for numbers';
COMMENT ON COLUMN scoring.run_profiles.histogram IS 'About twenty bars of about as many rows each, "from" and "to" included; null for texts';
COMMENT ON COLUMN scoring.run_profiles.categories IS 'Rows of the most frequent texts that at least 10 rows have, and of all others together; null for numbers';
COMMENT ON COLUMN scoring.run_profiles.profile IS 'The whole profile, as the program writes it';

CREATE TABLE scoring.reference_profiles (
    model_sha256 text PRIMARY KEY CHECK (model_sha256 ~ '^[0-9a-f]{64}$'),
    profile      bytea NOT NULL,
    made_at      timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE scoring.reference_profiles IS 'What the data was like that a model was made with: what runs of the model are compared with';
COMMENT ON COLUMN scoring.reference_profiles.model_sha256 IS 'SHA-256 of the model''s file';
COMMENT ON COLUMN scoring.reference_profiles.profile IS 'The profile of its inputs and of what the model answers to them, as the program writes it';
COMMENT ON COLUMN scoring.reference_profiles.made_at IS 'When it was made';

CREATE TABLE scoring.run_drift (
    run_id      bigint NOT NULL REFERENCES scoring.runs ON DELETE CASCADE,
    against     text NOT NULL CHECK (against IN ('reference', 'first', 'previous')),
    side        text NOT NULL CHECK (side IN ('input', 'output')),
    column_name text NOT NULL,
    measure     text NOT NULL,
    against_run bigint,
    value       double precision NOT NULL,
    limit_value double precision,
    drifted     boolean NOT NULL,
    detail      text,
    PRIMARY KEY (run_id, against, side, column_name, measure)
);
COMMENT ON TABLE scoring.run_drift IS 'How far the values of each column of a published run are from others, by each measure';
COMMENT ON COLUMN scoring.run_drift.run_id IS 'The run';
COMMENT ON COLUMN scoring.run_drift.against IS 'What it was compared with: the model''s reference, the first published run with the model where there is no reference, or the previous published run';
COMMENT ON COLUMN scoring.run_drift.side IS 'input or output';
COMMENT ON COLUMN scoring.run_drift.column_name IS 'The model''s name for the column';
COMMENT ON COLUMN scoring.run_drift.measure IS
    'psi, jensen_shannon, kolmogorov_smirnov, kolmogorov_smirnov_p, wasserstein, chi_squared, chi_squared_p, l_infinity, null_rate or new_categories; docs/drift.md defines them';
COMMENT ON COLUMN scoring.run_drift.against_run IS 'The run it was compared with; null for the reference';
COMMENT ON COLUMN scoring.run_drift.value IS 'What the measure says';
COMMENT ON COLUMN scoring.run_drift.limit_value IS 'From which value on it is drift (for p-values, below which); null where the measure has no limit, or there were too few rows';
COMMENT ON COLUMN scoring.run_drift.drifted IS 'Whether it is drift';
COMMENT ON COLUMN scoring.run_drift.detail IS 'What to look at; null where it is no drift';

CREATE VIEW scoring.column_profiles AS
SELECT run.job, profile.run_id, run.state, run.finished_at, run.model_name, run.model_version,
       profile.side, profile.column_name, profile.place, profile.rows, profile.nulls, profile.nulls::double precision / nullif(profile.rows, 0) AS null_rate,
       profile.mean, profile.standard_deviation, profile.least, profile.greatest, profile.distinct_values, profile.histogram, profile.categories
FROM scoring.run_profiles AS profile JOIN scoring.runs AS run USING (run_id);
COMMENT ON VIEW scoring.column_profiles IS 'What the values of each column of each run were like';
COMMENT ON COLUMN scoring.column_profiles.job IS 'The job';
COMMENT ON COLUMN scoring.column_profiles.run_id IS 'The run, in scoring.run_summary';
COMMENT ON COLUMN scoring.column_profiles.state IS 'What has become of the run: published or withdrawn';
COMMENT ON COLUMN scoring.column_profiles.finished_at IS 'When the run was over';
COMMENT ON COLUMN scoring.column_profiles.model_name IS 'The model that scored it';
COMMENT ON COLUMN scoring.column_profiles.model_version IS 'The model''s version';
COMMENT ON COLUMN scoring.column_profiles.side IS 'input (what the model read, after conversion) or output (what it answered)';
COMMENT ON COLUMN scoring.column_profiles.column_name IS 'The model''s name for the column; Features[3] for a slot of a vector';
COMMENT ON COLUMN scoring.column_profiles.place IS 'Place in the order of the model''s columns, from 0';
COMMENT ON COLUMN scoring.column_profiles.rows IS 'Rows that were scored';
COMMENT ON COLUMN scoring.column_profiles.nulls IS 'How many of them had no value';
COMMENT ON COLUMN scoring.column_profiles.null_rate IS 'Their share, from 0 to 1';
COMMENT ON COLUMN scoring.column_profiles.mean IS 'Mean of the finite numbers; null for texts';
COMMENT ON COLUMN scoring.column_profiles.standard_deviation IS 'Standard deviation of the finite numbers as a population; null for texts';
COMMENT ON COLUMN scoring.column_profiles.least IS 'Least number; null for texts';
COMMENT ON COLUMN scoring.column_profiles.greatest IS 'Greatest number; null for texts';
COMMENT ON COLUMN scoring.column_profiles.distinct_values IS 'How many different texts there were; null for numbers';
COMMENT ON COLUMN scoring.column_profiles.histogram IS 'About twenty bars of about as many rows each; null for texts';
COMMENT ON COLUMN scoring.column_profiles.categories IS 'Rows of the most frequent texts, and of all others together; null for numbers';

-- Since when: the first run of those without a break up to this one in which the measure was beyond its limit.
CREATE VIEW scoring.column_drift AS
SELECT run.job, drift.run_id, run.state, run.finished_at, drift.side, drift.column_name, drift.measure, drift.against, drift.against_run,
       drift.value, drift.limit_value, drift.drifted, drift.detail,
       CASE WHEN drift.drifted THEN min(run.finished_at) OVER (streak) END AS drifted_since
FROM (
    SELECT run_drift.*, count(*) FILTER (WHERE NOT drifted) OVER (
        PARTITION BY job, against, side, column_name, measure ORDER BY finished_at, run_id) AS calm_before
    FROM scoring.run_drift JOIN scoring.runs USING (run_id)
) AS drift JOIN scoring.runs AS run USING (run_id)
WINDOW streak AS (PARTITION BY run.job, drift.against, drift.side, drift.column_name, drift.measure, drift.calm_before, drift.drifted);
COMMENT ON VIEW scoring.column_drift IS 'How far the values of each column of each run are from others, by each measure, and since when that is drift';
COMMENT ON COLUMN scoring.column_drift.job IS 'The job';
COMMENT ON COLUMN scoring.column_drift.run_id IS 'The run, in scoring.run_summary';
COMMENT ON COLUMN scoring.column_drift.state IS 'What has become of the run: published or withdrawn';
COMMENT ON COLUMN scoring.column_drift.finished_at IS 'When the run was over';
COMMENT ON COLUMN scoring.column_drift.side IS 'input or output';
COMMENT ON COLUMN scoring.column_drift.column_name IS 'The model''s name for the column';
COMMENT ON COLUMN scoring.column_drift.measure IS 'The measure, as in docs/drift.md';
COMMENT ON COLUMN scoring.column_drift.against IS 'What it was compared with: reference, first or previous';
COMMENT ON COLUMN scoring.column_drift.against_run IS 'The run it was compared with; null for the reference';
COMMENT ON COLUMN scoring.column_drift.value IS 'What the measure says';
COMMENT ON COLUMN scoring.column_drift.limit_value IS 'From which value on it is drift; null for none';
COMMENT ON COLUMN scoring.column_drift.drifted IS 'Whether it is drift';
COMMENT ON COLUMN scoring.column_drift.detail IS 'What to look at; null where it is no drift';
COMMENT ON COLUMN scoring.column_drift.drifted_since IS 'When the first of the runs was over that have drifted without a break up to this one; null where it is no drift';

CREATE FUNCTION scoring.grant_profile_access(runner text, analyst text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF runner IS NOT NULL THEN
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON scoring.chunk_profiles TO %I', runner);
        EXECUTE format('GRANT SELECT, INSERT ON scoring.run_profiles, scoring.reference_profiles, scoring.run_drift TO %I', runner);
        EXECUTE format('GRANT SELECT ON scoring.column_profiles, scoring.column_drift TO %I', runner);
    END IF;
    IF analyst IS NOT NULL THEN
        EXECUTE format('GRANT SELECT ON scoring.column_profiles, scoring.column_drift TO %I', analyst);
    END IF;
END
$$;
COMMENT ON FUNCTION scoring.grant_profile_access(text, text) IS 'Gives runner and analyst what they need of profiles and drift; null for a role that is not there';

CREATE OR REPLACE FUNCTION scoring.grant_ledger_access(runner text, analyst text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM scoring.grant_run_access(runner, analyst);
    PERFORM scoring.grant_model_access(runner, analyst);
    PERFORM scoring.grant_profile_access(runner, analyst);
END
$$;
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA scoring FROM PUBLIC;

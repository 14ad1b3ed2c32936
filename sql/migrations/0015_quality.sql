-- What really happened, beside what was predicted: labels as they become known, and how good the predictions were.

CREATE TABLE scoring.labels_taken_up (
    job             text PRIMARY KEY REFERENCES scoring.jobs ON DELETE CASCADE,
    newest_label    timestamptz,
    publications_to timestamptz,
    definition      text NOT NULL,
    measured_by     text NOT NULL,
    taken_up_at     timestamptz NOT NULL
);
COMMENT ON TABLE scoring.labels_taken_up IS 'How far each job''s labels have been compared with its predictions';
COMMENT ON COLUMN scoring.labels_taken_up.job IS 'The job';
COMMENT ON COLUMN scoring.labels_taken_up.newest_label IS 'The greatest time of a label so far; null before the first';
COMMENT ON COLUMN scoring.labels_taken_up.publications_to IS 'The last instant at which a run of the job was published or withdrawn, as far as labels were compared with what was shown';
COMMENT ON COLUMN scoring.labels_taken_up.definition IS 'What the job''s file said of its labels; when it says otherwise all labels are compared anew';
COMMENT ON COLUMN scoring.labels_taken_up.measured_by IS 'The threshold and the windows by which scoring.quality was computed';
COMMENT ON COLUMN scoring.labels_taken_up.taken_up_at IS 'When labels were last looked for';

-- The runner may make no table, not even a temporary one. What a pass reads goes here and is gone when it commits; a crash may empty it.
CREATE UNLOGGED TABLE scoring.incoming_labels (
    job          text NOT NULL,
    key          text[] COLLATE "C" NOT NULL,
    label_time   timestamptz NOT NULL,
    actual       double precision,
    actual_class text,
    label        text NOT NULL
);
-- Nobody's statistics tell how many rows are in it at the moment, so each way to join it has to be quick.
CREATE INDEX incoming_labels_by_key ON scoring.incoming_labels (job, key, label_time);
COMMENT ON TABLE scoring.incoming_labels IS 'The labels that are being compared with predictions at this moment; empty in between';
COMMENT ON COLUMN scoring.incoming_labels.job IS 'The job';
COMMENT ON COLUMN scoring.incoming_labels.key IS 'The key, a text for each key column';
COMMENT ON COLUMN scoring.incoming_labels.label_time IS 'When it happened';
COMMENT ON COLUMN scoring.incoming_labels.actual IS 'The label as a number, 1 for yes and 0 for no; null where it is a class, or will not do';
COMMENT ON COLUMN scoring.incoming_labels.actual_class IS 'The label as a class; null where it is a number, or will not do';
COMMENT ON COLUMN scoring.incoming_labels.label IS 'The label as it was read';

CREATE TABLE scoring.labelled_predictions (
    job             text NOT NULL,
    key             text[] COLLATE "C" NOT NULL,
    run_id          bigint NOT NULL REFERENCES scoring.runs ON DELETE CASCADE,
    predicted       double precision,
    predicted_class text,
    actual          double precision,
    actual_class    text,
    label_time      timestamptz NOT NULL,
    published_at    timestamptz NOT NULL,
    PRIMARY KEY (job, key, run_id),
    CHECK (num_nonnulls(actual, actual_class) = 1)
);
CREATE INDEX labelled_predictions_by_time ON scoring.labelled_predictions (job, label_time);
CREATE INDEX labelled_predictions_by_run ON scoring.labelled_predictions (run_id);
COMMENT ON TABLE scoring.labelled_predictions IS
    'Predictions of which it is known what really happened: a row for each key and run, with the newest label that the run''s prediction was the one shown for; they go with their runs';
COMMENT ON COLUMN scoring.labelled_predictions.job IS 'The job';
COMMENT ON COLUMN scoring.labelled_predictions.key IS 'The key, a text for each key column';
COMMENT ON COLUMN scoring.labelled_predictions.run_id IS 'The run that made the prediction; it leads to the model';
COMMENT ON COLUMN scoring.labelled_predictions.predicted IS 'The probability, score or number that was predicted; of classes, the probability of the one that came, null where none is known';
COMMENT ON COLUMN scoring.labelled_predictions.predicted_class IS 'The class that was predicted; null where a number was';
COMMENT ON COLUMN scoring.labelled_predictions.actual IS 'What it turned out to be, 1 for yes and 0 for no; null where it is a class';
COMMENT ON COLUMN scoring.labelled_predictions.actual_class IS 'The class that it turned out to be; null where it is a number';
COMMENT ON COLUMN scoring.labelled_predictions.label_time IS 'When it happened';
COMMENT ON COLUMN scoring.labelled_predictions.published_at IS 'Since when the prediction had been shown; from then to label_time is the label''s lag';

CREATE TABLE scoring.quality (
    job           text NOT NULL REFERENCES scoring.jobs ON DELETE CASCADE,
    model_name    text NOT NULL,
    model_version text NOT NULL,
    model_sha256  text NOT NULL,
    slice         text NOT NULL CHECK (slice IN ('all', 'window', 'lag')),
    window_from   timestamptz,
    window_to     timestamptz,
    lag           text,
    metric        text NOT NULL,
    value         double precision,
    reason        text,
    labelled      bigint NOT NULL,
    computed_at   timestamptz NOT NULL,
    CHECK (num_nonnulls(value, reason) = 1),
    CHECK ((slice = 'window') = (window_from IS NOT NULL) AND (window_from IS NULL) = (window_to IS NULL) AND (slice = 'lag') = (lag IS NOT NULL))
);
CREATE UNIQUE INDEX quality_one_a_slice ON scoring.quality (job, model_name, model_version, model_sha256, slice, coalesce(window_from, '-infinity'), coalesce(lag, ''), metric);
COMMENT ON TABLE scoring.quality IS 'How good each job''s predictions were, by model version, over all labels, by window of the labels'' time and by their lag; computed anew whenever labels are taken up that change it';
COMMENT ON COLUMN scoring.quality.job IS 'The job';
COMMENT ON COLUMN scoring.quality.model_name IS 'The model';
COMMENT ON COLUMN scoring.quality.model_version IS 'The model''s version, as the job gave it when its runs were planned';
COMMENT ON COLUMN scoring.quality.model_sha256 IS 'SHA-256 of the model''s file, lower-case hexadecimal';
COMMENT ON COLUMN scoring.quality.slice IS 'Which labels: all of the version''s, those of a window, or those of a lag';
COMMENT ON COLUMN scoring.quality.window_from IS 'The first time of a label in the window, inclusive; null but for windows';
COMMENT ON COLUMN scoring.quality.window_to IS 'Where the next window starts; null but for windows';
COMMENT ON COLUMN scoring.quality.lag IS 'How long after the prediction was published the labels'' time is; null but for lags';
COMMENT ON COLUMN scoring.quality.metric IS 'auc, log_loss, brier, accuracy, precision, recall, f1; rmse, mae, r2; accuracy, log_loss, macro_f1';
COMMENT ON COLUMN scoring.quality.value IS 'Its value; null where the labels do not define it';
COMMENT ON COLUMN scoring.quality.reason IS 'Why it is not defined; null where it is';
COMMENT ON COLUMN scoring.quality.labelled IS 'How many labelled predictions it was computed from';
COMMENT ON COLUMN scoring.quality.computed_at IS 'When it was computed';

-- Each part of the ledger gives its own rights.
CREATE FUNCTION scoring.grant_quality_access(runner text, analyst text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF runner IS NOT NULL THEN
        EXECUTE format('GRANT SELECT, INSERT, UPDATE ON scoring.labels_taken_up TO %I', runner);
        EXECUTE format('GRANT SELECT, INSERT, DELETE ON scoring.incoming_labels, scoring.quality TO %I', runner);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON scoring.labelled_predictions TO %I', runner);
    END IF;
    IF analyst IS NOT NULL THEN
        EXECUTE format('GRANT SELECT ON scoring.quality TO %I', analyst);
    END IF;
END
$$;
COMMENT ON FUNCTION scoring.grant_quality_access(text, text) IS 'Gives runner and analyst what they need of labels and quality; null for a role that is not there';

CREATE OR REPLACE FUNCTION scoring.grant_ledger_access(runner text, analyst text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM scoring.grant_run_access(runner, analyst);
    PERFORM scoring.grant_model_access(runner, analyst);
    PERFORM scoring.grant_profile_access(runner, analyst);
    PERFORM scoring.grant_quality_access(runner, analyst);
END
$$;
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA scoring FROM PUBLIC;

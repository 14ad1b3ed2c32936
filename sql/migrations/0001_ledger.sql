-- The ledger: which runs there were, what each had frozen, and what became of every chunk.
-- A run is a row, its chunks are rows, and the transaction that writes a chunk's predictions marks the chunk done.

COMMENT ON SCHEMA scoring IS 'BatchScorer: predictions, and the record of the runs that made them';

CREATE TABLE scoring.models (
    sha256        text PRIMARY KEY CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    name          text NOT NULL,
    version       text NOT NULL,
    size_bytes    bigint NOT NULL,
    schema        jsonb NOT NULL,
    content       bytea NOT NULL,
    first_used_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
-- A model.zip is compressed already.
ALTER TABLE scoring.models ALTER COLUMN content SET STORAGE EXTERNAL;
COMMENT ON TABLE scoring.models IS 'Model files that runs have used, by the SHA-256 of their bytes';
COMMENT ON COLUMN scoring.models.sha256 IS 'SHA-256 of the file, lower-case hexadecimal';
COMMENT ON COLUMN scoring.models.name IS 'The file''s name without its ending when a run first used it';
COMMENT ON COLUMN scoring.models.version IS 'The version the job file gave when a run first used it, otherwise the first 12 digits of sha256';
COMMENT ON COLUMN scoring.models.size_bytes IS 'Size of the file in bytes';
COMMENT ON COLUMN scoring.models.schema IS 'Inputs and outputs of the model with their types';
COMMENT ON COLUMN scoring.models.content IS 'The file itself, so that a run can be finished whatever becomes of the file';
COMMENT ON COLUMN scoring.models.first_used_at IS 'When a run first used it';

CREATE TABLE scoring.jobs (
    name         text PRIMARY KEY CHECK (name ~ '^[a-z][a-z0-9_]{0,39}$'),
    next_from    text,
    applied_at   timestamptz NOT NULL DEFAULT clock_timestamp()
);
COMMENT ON TABLE scoring.jobs IS 'One row a job whose tables have been made';
COMMENT ON COLUMN scoring.jobs.name IS 'The job''s name; its predictions are in scoring.<name>_predictions';
COMMENT ON COLUMN scoring.jobs.next_from IS 'Where the next continuing run starts: a value of the job''s cursor column; null before the first';
COMMENT ON COLUMN scoring.jobs.applied_at IS 'When the job''s tables were last made or altered';

CREATE TABLE scoring.runs (
    run_id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    job             text NOT NULL REFERENCES scoring.jobs,
    trigger         text NOT NULL CHECK (trigger IN ('schedule', 'manual', 'backfill', 'catchup', 'replay')),
    mode            text NOT NULL CHECK (mode IN ('window', 'unscored', 'all')),
    continuing      boolean NOT NULL,
    window_from     text,
    window_to       text,
    window_held_by  text,
    model_sha256    text NOT NULL REFERENCES scoring.models,
    manifest        jsonb NOT NULL,
    state           text NOT NULL DEFAULT 'planned' CHECK (state IN
                        ('planned', 'running', 'succeeded', 'published', 'failed', 'cancelled', 'withdrawn', 'abandoned')),
    error           text,
    chunks          integer NOT NULL,
    rows_planned    bigint NOT NULL,
    rows_read       bigint,
    rows_scored     bigint,
    rows_rejected   bigint,
    planned_on      date NOT NULL,
    planned_at      timestamptz NOT NULL,
    started_at      timestamptz,
    finished_at     timestamptz,
    planning_ms     integer NOT NULL,
    host            text NOT NULL,
    process_id      integer NOT NULL,
    program_version text NOT NULL
);
-- A window that could not move on, since a transaction held it back, may have another run from the same place.
CREATE UNIQUE INDEX runs_one_a_window ON scoring.runs (job, coalesce(window_from, ''))
    WHERE continuing AND state <> 'abandoned' AND window_to IS DISTINCT FROM window_from;
CREATE UNIQUE INDEX runs_one_open_of_whole_table ON scoring.runs (job)
    WHERE mode IN ('all', 'unscored') AND state IN ('planned', 'running', 'succeeded', 'failed', 'cancelled');
CREATE INDEX runs_by_job ON scoring.runs (job, run_id);
COMMENT ON TABLE scoring.runs IS 'One row a run: one attempt to score one window of one job, planned once, then frozen';
COMMENT ON COLUMN scoring.runs.run_id IS 'Number of the run; predictions and rejected rows lead back to it';
COMMENT ON COLUMN scoring.runs.job IS 'The job';
COMMENT ON COLUMN scoring.runs.trigger IS 'Why the run exists: schedule, manual, backfill, catchup or replay';
COMMENT ON COLUMN scoring.runs.mode IS 'Which rows: window (of the cursor column), unscored (keys without an outcome) or all';
COMMENT ON COLUMN scoring.runs.continuing IS 'Whether the job''s next window starts where this one ends';
COMMENT ON COLUMN scoring.runs.window_from IS 'First value of the cursor column, inclusive; null for the beginning or when the job has no cursor';
COMMENT ON COLUMN scoring.runs.window_to IS 'Where the next window starts; a continuing run reads past it, so that a row is scored as it is when it is read';
COMMENT ON COLUMN scoring.runs.window_held_by IS 'The open transaction that held window_to back, and since when; null when none did';
COMMENT ON COLUMN scoring.runs.model_sha256 IS 'The model that scores every row of the run';
COMMENT ON COLUMN scoring.runs.manifest IS 'What the run froze at planning: job definition, model schema, source query, columns';
COMMENT ON COLUMN scoring.runs.state IS 'planned, running, succeeded, published, failed, cancelled, withdrawn or abandoned';
COMMENT ON COLUMN scoring.runs.error IS 'Why the run failed, and what to do; null otherwise';
COMMENT ON COLUMN scoring.runs.chunks IS 'Chunks the run was cut into';
COMMENT ON COLUMN scoring.runs.rows_planned IS 'Rows there were at planning';
COMMENT ON COLUMN scoring.runs.rows_read IS 'Rows read, scored or not; null until the run is closed';
COMMENT ON COLUMN scoring.runs.rows_scored IS 'Rows with a prediction; null until the run is closed';
COMMENT ON COLUMN scoring.runs.rows_rejected IS 'Rows in scoring.rejected_rows; null until the run is closed';
COMMENT ON COLUMN scoring.runs.planned_on IS 'Day of planning in UTC; the predictions'' partition';
COMMENT ON COLUMN scoring.runs.planned_at IS 'When the run was planned';
COMMENT ON COLUMN scoring.runs.started_at IS 'When its first chunk was claimed';
COMMENT ON COLUMN scoring.runs.finished_at IS 'When it was closed';
COMMENT ON COLUMN scoring.runs.planning_ms IS 'Milliseconds that planning took';
COMMENT ON COLUMN scoring.runs.host IS 'The host that planned it';
COMMENT ON COLUMN scoring.runs.process_id IS 'The process that planned it';
COMMENT ON COLUMN scoring.runs.program_version IS 'The program''s version that planned it';

CREATE TABLE scoring.chunks (
    run_id        bigint NOT NULL REFERENCES scoring.runs ON DELETE CASCADE,
    chunk_no      integer NOT NULL,
    key_from      text[],
    key_to        text[],
    state         text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'done', 'failed')),
    rows_read     integer,
    rows_scored   integer,
    rows_rejected integer,
    read_ms       integer,
    score_ms      integer,
    write_ms      integer,
    done_at       timestamptz,
    error         text,
    PRIMARY KEY (run_id, chunk_no)
);
CREATE INDEX chunks_to_do ON scoring.chunks (run_id, chunk_no) WHERE state <> 'done';
COMMENT ON TABLE scoring.chunks IS 'The key ranges of a run''s rows: the unit of commit, retry and resume';
COMMENT ON COLUMN scoring.chunks.run_id IS 'The run';
COMMENT ON COLUMN scoring.chunks.chunk_no IS 'Number within the run, from 0';
COMMENT ON COLUMN scoring.chunks.key_from IS 'First key, inclusive, a text for each key column; null for the beginning';
COMMENT ON COLUMN scoring.chunks.key_to IS 'The key behind the last one; null for the end';
COMMENT ON COLUMN scoring.chunks.state IS 'pending, done or failed; one that is being worked on is pending and locked';
COMMENT ON COLUMN scoring.chunks.rows_read IS 'Rows read; null until done';
COMMENT ON COLUMN scoring.chunks.rows_scored IS 'Rows with a prediction; null until done';
COMMENT ON COLUMN scoring.chunks.rows_rejected IS 'Rows in scoring.rejected_rows; null until done';
COMMENT ON COLUMN scoring.chunks.read_ms IS 'Milliseconds spent waiting for and decoding rows';
COMMENT ON COLUMN scoring.chunks.score_ms IS 'Milliseconds spent in the model';
COMMENT ON COLUMN scoring.chunks.write_ms IS 'Milliseconds spent encoding and writing predictions';
COMMENT ON COLUMN scoring.chunks.done_at IS 'When its outcomes were written';
COMMENT ON COLUMN scoring.chunks.error IS 'Why it failed; null otherwise';

CREATE TABLE scoring.chunk_attempts (
    attempt_id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    run_id        bigint NOT NULL,
    chunk_no      integer NOT NULL,
    started_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    host          text NOT NULL,
    process_id    integer NOT NULL,
    backend_pid   integer NOT NULL,
    backend_start timestamptz NOT NULL,
    error         text,
    FOREIGN KEY (run_id, chunk_no) REFERENCES scoring.chunks ON DELETE CASCADE
);
CREATE INDEX chunk_attempts_by_chunk ON scoring.chunk_attempts (run_id, chunk_no);
COMMENT ON TABLE scoring.chunk_attempts IS 'Who began to work on a chunk, noted at once, so that a chunk that kills its worker is counted';
COMMENT ON COLUMN scoring.chunk_attempts.attempt_id IS 'Number of the attempt';
COMMENT ON COLUMN scoring.chunk_attempts.run_id IS 'The run';
COMMENT ON COLUMN scoring.chunk_attempts.chunk_no IS 'The chunk';
COMMENT ON COLUMN scoring.chunk_attempts.started_at IS 'When it began';
COMMENT ON COLUMN scoring.chunk_attempts.host IS 'The worker''s host';
COMMENT ON COLUMN scoring.chunk_attempts.process_id IS 'The worker''s process';
COMMENT ON COLUMN scoring.chunk_attempts.backend_pid IS 'The server process whose transaction holds the chunk';
COMMENT ON COLUMN scoring.chunk_attempts.backend_start IS 'When that server process started; with its number it is unmistakable';
COMMENT ON COLUMN scoring.chunk_attempts.error IS 'How the attempt failed; null when it did not, or when its worker died';

CREATE TABLE scoring.rejected_rows (
    run_id        bigint NOT NULL REFERENCES scoring.runs ON DELETE CASCADE,
    key           jsonb NOT NULL,
    job           text NOT NULL,
    chunk_no      integer NOT NULL,
    column_name   text,
    reason        text NOT NULL,
    source_cursor text,
    "row"         jsonb NOT NULL,
    rejected_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (run_id, key)
);
COMMENT ON TABLE scoring.rejected_rows IS 'Rows that could not be scored; each is here instead of in the predictions';
COMMENT ON COLUMN scoring.rejected_rows.run_id IS 'The run';
COMMENT ON COLUMN scoring.rejected_rows.key IS 'The row''s key: an object of key columns';
COMMENT ON COLUMN scoring.rejected_rows.job IS 'The job';
COMMENT ON COLUMN scoring.rejected_rows.chunk_no IS 'The chunk';
COMMENT ON COLUMN scoring.rejected_rows.column_name IS 'The column at fault; a prediction column when the score was not a number; null when unknown';
COMMENT ON COLUMN scoring.rejected_rows.reason IS 'Why';
COMMENT ON COLUMN scoring.rejected_rows.source_cursor IS 'The row''s value of the cursor column when it was read';
COMMENT ON COLUMN scoring.rejected_rows."row" IS 'The columns that were read, as they were';
COMMENT ON COLUMN scoring.rejected_rows.rejected_at IS 'When it was recorded';

CREATE TABLE scoring.run_publications (
    run_id     bigint NOT NULL REFERENCES scoring.runs ON DELETE CASCADE,
    shown_from timestamptz NOT NULL,
    shown_to   timestamptz,
    PRIMARY KEY (run_id, shown_from)
);
COMMENT ON TABLE scoring.run_publications IS 'When each run''s predictions were shown to readers';
COMMENT ON COLUMN scoring.run_publications.run_id IS 'The run';
COMMENT ON COLUMN scoring.run_publications.shown_from IS 'Shown from this instant on';
COMMENT ON COLUMN scoring.run_publications.shown_to IS 'Until this instant; null while it is shown';

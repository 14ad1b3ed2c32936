-- A replay scores the rejected rows of a job again. It takes them up when it is planned, and its publishing resolves them.

ALTER TABLE scoring.rejected_rows
    ADD COLUMN taken_up_by bigint REFERENCES scoring.runs,
    ADD COLUMN resolved_by bigint REFERENCES scoring.runs,
    ADD COLUMN resolved_at timestamptz,
    ADD CHECK (resolved_by = taken_up_by AND (resolved_by IS NULL) = (resolved_at IS NULL));
CREATE INDEX rejected_rows_unresolved ON scoring.rejected_rows (job, run_id) WHERE resolved_by IS NULL;
CREATE INDEX rejected_rows_taken_up ON scoring.rejected_rows (taken_up_by) WHERE taken_up_by IS NOT NULL;
COMMENT ON COLUMN scoring.rejected_rows.taken_up_by IS 'The last replay that was to score the row again; null before the first';
COMMENT ON COLUMN scoring.rejected_rows.resolved_by IS
    'The published replay that scored the row again, found it still at fault (it has a record in that run then) or gone; null while none has';
COMMENT ON COLUMN scoring.rejected_rows.resolved_at IS 'When that replay was published; null until then';

-- Replays stand in nobody's way, but for another replay of the same job.
DROP INDEX scoring.runs_one_open_of_whole_table;
CREATE UNIQUE INDEX runs_one_open_of_whole_table ON scoring.runs (job)
    WHERE mode IN ('all', 'unscored') AND trigger <> 'replay' AND state IN ('planned', 'running', 'succeeded', 'failed', 'cancelled');
CREATE UNIQUE INDEX runs_one_open_replay ON scoring.runs (job)
    WHERE trigger = 'replay' AND state IN ('planned', 'running', 'succeeded', 'failed', 'cancelled');

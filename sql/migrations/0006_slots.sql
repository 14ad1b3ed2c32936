-- Which instant of which schedule a run was made for, and by whom.

ALTER TABLE scoring.runs
    ADD COLUMN slot     timestamptz,
    ADD COLUMN fired_by text,
    ADD COLUMN node     text;
-- However many nodes, clocks and recoveries there are, a slot makes one run.
CREATE UNIQUE INDEX runs_one_a_slot ON scoring.runs (job, slot);
COMMENT ON COLUMN scoring.runs.slot IS 'The instant at which the job''s schedule was due; null for a run that no schedule made';
COMMENT ON COLUMN scoring.runs.fired_by IS 'The schedule that fired, as the job file had it then; null for a run that no schedule made';
COMMENT ON COLUMN scoring.runs.node IS 'The cluster''s node that planned the run; null where it was the command line';

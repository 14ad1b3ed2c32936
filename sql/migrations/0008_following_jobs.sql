-- Which runs of other jobs a run followed.

ALTER TABLE scoring.runs ADD COLUMN followed_runs bigint[];
COMMENT ON COLUMN scoring.runs.followed_runs IS
    'The newest published runs of the jobs that this run''s job follows, when it was due; it is due again when each of them has a newer one. Null for a run that follows none';
-- The newest run of a job that is followed, whatever else has run since.
CREATE INDEX runs_published ON scoring.runs (job, run_id) WHERE state = 'published';

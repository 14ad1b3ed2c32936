-- What became of each attempt at a chunk, and when a chunk may be tried again.

ALTER TABLE scoring.chunks
    ADD COLUMN not_before  timestamptz,
    ADD COLUMN reopened_at timestamptz;
COMMENT ON COLUMN scoring.chunks.not_before IS 'When it may be tried again after an attempt that failed; null for at once';
COMMENT ON COLUMN scoring.chunks.reopened_at IS 'When a resume or retry last gave it all its attempts again; null when none did';
COMMENT ON COLUMN scoring.chunks.error IS 'Why it failed; on a pending chunk, why its first attempt did; null otherwise';

ALTER TABLE scoring.chunk_attempts
    ADD COLUMN outcome  text CHECK (outcome IN ('done', 'failed', 'stopped', 'split')),
    ADD COLUMN ended_at timestamptz;
UPDATE scoring.chunk_attempts SET outcome = 'failed' WHERE error IS NOT NULL;
COMMENT ON COLUMN scoring.chunk_attempts.outcome IS
    'done, failed, stopped (on request), split (the chunk had grown too large); null while it is under way or when its worker died';
COMMENT ON COLUMN scoring.chunk_attempts.ended_at IS 'When it ended; null while it is under way or when its worker died';
COMMENT ON COLUMN scoring.chunk_attempts.error IS 'Why it failed; null when it did not, or when its worker died';
COMMENT ON COLUMN scoring.runs.chunks IS 'Chunks the run was cut into; one that is split counts anew when the run is closed';

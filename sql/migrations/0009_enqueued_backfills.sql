-- Backfills that are handed to the nodes which run `serve`, instead of being worked on by the process that was asked.

ALTER TABLE scoring.backfills ADD COLUMN enqueued boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN scoring.backfills.enqueued IS 'Whether the nodes that run serve work on it as long as it is running; otherwise that is left to commands';

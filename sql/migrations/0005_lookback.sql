-- Rows are looked up by job and key, whatever run rejected them: those that are not scored yet, and those that a lookback has seen.

CREATE INDEX rejected_rows_by_key ON scoring.rejected_rows (job, key);

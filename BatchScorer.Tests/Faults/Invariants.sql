-- What holds whatever happens. Each view gives a row for each breach: which invariant, and where.
-- The schema is there already, with views of the source and of what the job has written: FaultedSource.

CREATE VIEW invariants.outcomes AS
SELECT run_id, chunk_no, customer_id, cursor, true AS scored, golden_id, score FROM invariants.predictions
UNION ALL
SELECT run_id, chunk_no, (key->>'customer_id')::bigint, source_cursor::invariants.cursor, false, NULL, NULL FROM scoring.rejected_rows;

CREATE VIEW invariants.newest_outcomes AS
SELECT DISTINCT ON (customer_id) * FROM invariants.outcomes ORDER BY customer_id, cursor DESC, run_id DESC;

-- The runs that have come to their end: what they show may have been withdrawn since.
CREATE VIEW invariants.ended AS
SELECT * FROM scoring.runs WHERE state IN ('published', 'withdrawn');

CREATE VIEW invariants.windows AS
SELECT run_id, window_from::invariants.cursor, window_to::invariants.cursor
FROM scoring.runs WHERE continuing AND state <> 'abandoned';

-- At any instant, in any one snapshot.
CREATE VIEW invariants.always_broken AS

SELECT 'a key has one outcome in a run' AS invariant, format('run %s, key %s: %s outcomes', run_id, customer_id, count(*)) AS breach
FROM invariants.outcomes GROUP BY run_id, customer_id HAVING count(*) > 1

UNION ALL
SELECT 'an outcome is that of the row as it was at its cursor', format('run %s, key %s, cursor %s, like %s', run_id, customer_id, cursor, golden_id)
FROM invariants.outcomes AS outcome
WHERE NOT EXISTS (
    SELECT FROM invariants.versions AS version
    WHERE version.customer_id = outcome.customer_id AND version.cursor IS NOT DISTINCT FROM outcome.cursor
      AND version.golden_id IS NOT DISTINCT FROM outcome.golden_id AND outcome.scored = (version.golden_id IS NOT NULL))

UNION ALL
SELECT 'a score is that of the run''s one model, undisturbed', format('run %s, key %s: %s instead of %s', run_id, customer_id, outcome.score, reference.score)
FROM invariants.outcomes AS outcome
JOIN scoring.runs AS run USING (run_id)
LEFT JOIN reference USING (model_sha256, golden_id)
WHERE outcome.scored AND outcome.score IS DISTINCT FROM reference.score

UNION ALL
SELECT 'a run''s model is the one its manifest froze, byte by byte', format('run %s', run_id)
FROM scoring.runs AS run JOIN scoring.models AS model ON model.sha256 = run.model_sha256
WHERE run.manifest->'model'->>'sha256' <> model.sha256 OR encode(sha256(model.content), 'hex') <> model.sha256

UNION ALL
-- The window's rows are those versions that were committed with a cursor within it. A version may have been replaced before it was read.
SELECT 'a row of a published run''s window has one outcome there, as it was or newer',
       format('run %s, key %s, cursor %s: %s', run_id, version.customer_id, version.cursor, coalesce(outcome.cursor::text, 'none'))
FROM invariants.windows AS run
JOIN invariants.ended USING (run_id)
JOIN invariants.versions AS version ON version.cursor < run.window_to AND (run.window_from IS NULL OR version.cursor >= run.window_from)
LEFT JOIN invariants.outcomes AS outcome USING (run_id, customer_id)
WHERE outcome.cursor IS NULL OR outcome.cursor < version.cursor

UNION ALL
-- A backfill keeps both bounds: a row that has changed since may have left its window before it was read.
SELECT 'a row in a published backfill''s window has its outcome there', format('run %s, key %s, cursor %s', run_id, source.customer_id, source.cursor)
FROM invariants.ended AS run
JOIN invariants.rows AS source ON source.cursor >= run.window_from::invariants.cursor AND source.cursor < run.window_to::invariants.cursor
WHERE trigger = 'backfill' AND NOT EXISTS (
    SELECT FROM invariants.outcomes AS outcome
    WHERE outcome.run_id = run.run_id AND outcome.customer_id = source.customer_id AND outcome.cursor = source.cursor)

UNION ALL
-- The golden rows' customers were there from the beginning.
SELECT 'a published run over all rows has an outcome for each that was there', format('run %s, key %s', run_id, customer_id)
FROM invariants.ended AS run CROSS JOIN golden
WHERE mode = 'all' AND trigger <> 'replay' AND NOT EXISTS (SELECT FROM invariants.outcomes AS outcome WHERE outcome.run_id = run.run_id AND outcome.customer_id = golden.customer_id)

UNION ALL
SELECT 'a row has one outcome in all the runs over rows without one', format('key %s: %s outcomes', customer_id, count(*))
FROM invariants.outcomes JOIN scoring.runs USING (run_id) WHERE mode = 'unscored' AND trigger <> 'replay' AND state <> 'abandoned'
GROUP BY customer_id HAVING count(*) > 1

UNION ALL
SELECT 'windows follow each other without a gap', format('run %s from %s, after one to %s', run_id, window_from, before)
FROM (SELECT *, lag(window_to) OVER (ORDER BY run_id) AS before FROM invariants.windows) AS run
WHERE window_from IS DISTINCT FROM before

UNION ALL
SELECT 'a chunk''s counts are those of the tables, and nothing is there of one that is not done',
       format('run %s, chunk %s, %s: %s scored, %s rejected, %s read; in the tables %s and %s',
              run_id, chunk_no, state, rows_scored, rows_rejected, rows_read, scored, rejected)
FROM scoring.chunks AS chunk
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE outcome.scored) AS scored, count(*) FILTER (WHERE NOT outcome.scored) AS rejected
    FROM invariants.outcomes AS outcome WHERE outcome.run_id = chunk.run_id AND outcome.chunk_no = chunk.chunk_no) AS found
WHERE (CASE WHEN state = 'done' THEN rows_scored ELSE 0 END) IS DISTINCT FROM scored
   OR (CASE WHEN state = 'done' THEN rows_rejected ELSE 0 END) IS DISTINCT FROM rejected
   OR (state = 'done' AND rows_read IS DISTINCT FROM rows_scored + rows_rejected)

UNION ALL
SELECT 'an outcome belongs to a chunk of its run', format('run %s, chunk %s, key %s', run_id, chunk_no, customer_id)
FROM invariants.outcomes AS outcome
WHERE NOT EXISTS (SELECT FROM scoring.chunks AS chunk WHERE chunk.run_id = outcome.run_id AND chunk.chunk_no = outcome.chunk_no)

UNION ALL
SELECT 'a published run''s counts are those of its chunks', format('run %s', run_id)
FROM invariants.ended AS run
CROSS JOIN LATERAL (
    SELECT count(*) AS chunks, coalesce(sum(rows_read), 0) AS read, coalesce(sum(rows_scored), 0) AS scored, coalesce(sum(rows_rejected), 0) AS rejected
    FROM scoring.chunks AS chunk WHERE chunk.run_id = run.run_id) AS counted
WHERE (run.chunks, run.rows_read, run.rows_scored, run.rows_rejected) IS DISTINCT FROM (counted.chunks, counted.read, counted.scored, counted.rejected)

UNION ALL
SELECT 'a published run has no chunk to do, and no staged rows', format('run %s', run_id)
FROM invariants.ended AS run
WHERE EXISTS (SELECT FROM scoring.chunks AS chunk WHERE chunk.run_id = run.run_id AND chunk.state <> 'done')
   OR to_regclass(format('scoring.source_of_run_%s', run_id)) IS NOT NULL

UNION ALL
SELECT 'a run is shown once it is published, and not before', format('run %s is %s and shown %s times', run.run_id, state, count(shown_from))
FROM scoring.runs AS run LEFT JOIN scoring.run_publications AS publication ON publication.run_id = run.run_id AND shown_to IS NULL
GROUP BY run.run_id, state HAVING count(shown_from) <> CASE WHEN state = 'published' THEN 1 ELSE 0 END

UNION ALL
SELECT 'analysts see nothing of a run that is not published', format('run %s is %s: %s rows', run_id, state, count(*))
FROM invariants.shown JOIN scoring.runs USING (run_id)
WHERE state <> 'published' GROUP BY run_id, state

UNION ALL
SELECT 'analysts see the newest published prediction of each key',
       format('key %s: cursor %s of run %s, shown %s of run %s', customer_id, newest.cursor, newest.run_id, shown.cursor, shown.run_id)
FROM (SELECT DISTINCT ON (customer_id) customer_id, cursor, run_id
      FROM invariants.predictions JOIN scoring.runs USING (run_id) WHERE state = 'published'
      ORDER BY customer_id, cursor DESC, run_id DESC) AS newest
FULL JOIN invariants.shown USING (customer_id)
WHERE (newest.cursor, newest.run_id) IS DISTINCT FROM (shown.cursor, shown.run_id);

-- Once writers are quiet and every run has ended.
CREATE VIEW invariants.broken_in_the_end AS
TABLE invariants.always_broken

UNION ALL
SELECT 'every run has ended', format('run %s is %s: %s', run_id, state, error)
FROM scoring.runs WHERE state <> 'published'

UNION ALL
SELECT 'a row has an outcome', format('key %s, cursor %s', customer_id, cursor)
FROM invariants.rows WHERE customer_id NOT IN (SELECT customer_id FROM invariants.outcomes)

UNION ALL
-- Runs over rows without an outcome never come back to a row, replays apart.
SELECT 'a row''s newest outcome is that of the row as it is', format('key %s, cursor %s: %s in run %s', customer_id, source.cursor, newest.cursor, run_id)
FROM invariants.rows AS source JOIN invariants.newest_outcomes AS newest USING (customer_id)
WHERE (SELECT mode <> 'unscored' FROM invariants.job)
  AND (source.cursor, source.golden_id, source.golden_id IS NOT NULL) IS DISTINCT FROM (newest.cursor, newest.golden_id, newest.scored)

UNION ALL
SELECT 'a row is below the job''s cursor', format('key %s, cursor %s', customer_id, cursor)
FROM invariants.rows WHERE (SELECT mode = 'window' FROM invariants.job) AND (cursor < (SELECT next_from FROM invariants.job)) IS NOT TRUE

UNION ALL
SELECT 'nothing staged is left over', relname FROM pg_class WHERE relname LIKE 'source_of_run_%' AND relkind = 'r';

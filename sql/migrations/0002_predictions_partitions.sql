-- Predictions are partitioned by the month in which their run was planned. A partition is made apart and attached,
-- since CREATE TABLE ... PARTITION OF would wait for every open query on the table, and ATTACH does not.

CREATE FUNCTION scoring.ensure_predictions_partition(job text, day date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    month_start date := date_trunc('month', day)::date;
    month_end   date := (date_trunc('month', day) + interval '1 month')::date;
    parent      text := job || '_predictions';
    partition   text := job || '_predictions_' || to_char(month_start, 'YYYYMM');
BEGIN
    IF EXISTS (SELECT FROM pg_class WHERE relname = partition AND relnamespace = 'scoring'::regnamespace) THEN
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('batchscorer partition ' || partition, 0));
    -- Somebody may have made it meanwhile. to_regclass would answer from this session's cache, which does not know yet.
    IF EXISTS (SELECT FROM pg_class WHERE relname = partition AND relnamespace = 'scoring'::regnamespace) THEN
        RETURN;
    END IF;
    EXECUTE format('CREATE TABLE scoring.%I (LIKE scoring.%I INCLUDING ALL, CHECK (planned_on >= %L AND planned_on < %L))',
        partition, parent, month_start, month_end);
    EXECUTE format('ALTER TABLE scoring.%I ATTACH PARTITION scoring.%I FOR VALUES FROM (%L) TO (%L)',
        parent, partition, month_start, month_end);
END
$$;
COMMENT ON FUNCTION scoring.ensure_predictions_partition(text, date) IS
    'Makes the partition of a job''s predictions that holds runs planned on this day, unless it is there';

using BatchScorer.Tests.Postgres;

namespace BatchScorer.Tests.Runs.Retention;

/// <summary>Makes a test's job older than it is: what takes a server months is done by moving everything that has happened into the past.</summary>
internal static class Ageing
{
    /// <summary>Moves all that has happened to the job by a number of days, the partitions of its predictions with it.</summary>
    public static Task AgeAsync(this TestDatabase database, int days) => database.ExecuteAsync(
        $"""
        CREATE TEMP TABLE moved AS SELECT * FROM scoring.job_predictions;
        DO $$
        DECLARE
            part record;
        BEGIN
            FOR part IN SELECT * FROM scoring.predictions_partitions('job') ORDER BY planned_from LOOP
                EXECUTE format('ALTER TABLE scoring.job_predictions DETACH PARTITION scoring.%I', part.partition);
                IF part.planned_from = '-infinity' THEN
                    EXECUTE format('UPDATE scoring.%I SET planned_on = planned_on - {days}', part.partition);
                    EXECUTE format('ALTER TABLE scoring.job_predictions ATTACH PARTITION scoring.%I FOR VALUES FROM (MINVALUE) TO (%L)', part.partition, part.planned_to - {days});
                    DELETE FROM moved WHERE planned_on < part.planned_to;
                ELSE
                    EXECUTE format('DROP TABLE scoring.%I', part.partition);
                END IF;
            END LOOP;
        END $$;
        UPDATE moved SET planned_on = planned_on - {days};
        UPDATE scoring.runs SET planned_on = planned_on - {days}, planned_at = planned_at - interval '{days} days', finished_at = finished_at - interval '{days} days';
        UPDATE scoring.run_publications SET shown_from = shown_from - interval '{days} days', shown_to = shown_to - interval '{days} days';
        UPDATE scoring.rejected_rows SET rejected_at = rejected_at - interval '{days} days';
        UPDATE scoring.retention SET whole_since = whole_since - interval '{days} days';
        SELECT scoring.ensure_predictions_partition('job', planned_on) FROM (SELECT DISTINCT planned_on FROM moved ORDER BY planned_on) AS day;
        INSERT INTO scoring.job_predictions SELECT * FROM moved;
        DROP TABLE moved;
        """);
}

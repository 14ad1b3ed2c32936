-- Who may do what. Nothing here needs the right to make roles: `db migrate` calls scoring.grant_access() each time, which makes the roles
-- where it may, gives them what they need, and tells what is left to an administrator.

CREATE TABLE scoring.roles (
    purpose   text PRIMARY KEY CHECK (purpose IN ('owner', 'runner', 'analyst')),
    role_name text NOT NULL UNIQUE CHECK (octet_length(role_name) BETWEEN 1 AND 63)
);
COMMENT ON TABLE scoring.roles IS 'The roles of this database, of which people''s and programs'' logins are made members; roles belong to the whole cluster, so databases with different people have different ones';
COMMENT ON COLUMN scoring.roles.purpose IS
    'owner (migrates and makes jobs'' tables), runner (runs jobs, and alters no table) or analyst (reads predictions and where they come from)';
COMMENT ON COLUMN scoring.roles.role_name IS 'The role; one that is changed here gets its rights by the next `db migrate`';
INSERT INTO scoring.roles
SELECT purpose, coalesce(nullif(current_setting('batchscorer.role_prefix', true), ''), 'batchscorer') || '_' || purpose
FROM unnest('{owner,runner,analyst}'::text[]) AS purpose;

-- What planning writes besides the run. The runner may make no table, so these functions do, with the owner's rights: for a run that its
-- caller is planning, of columns that are quoted, of types that are known by number.

CREATE TABLE scoring.rows_taken_up (
    planned_run bigint NOT NULL,
    run_id      bigint NOT NULL,
    key         jsonb NOT NULL,
    PRIMARY KEY (planned_run, run_id, key)
);
COMMENT ON TABLE scoring.rows_taken_up IS 'The rejected rows that replays saw when they staged their source; they go with the staged source';
COMMENT ON COLUMN scoring.rows_taken_up.planned_run IS 'The replay, which may not be planned yet';
COMMENT ON COLUMN scoring.rows_taken_up.run_id IS 'The run that rejected the row';
COMMENT ON COLUMN scoring.rows_taken_up.key IS 'The row''s key: an object of key columns';

-- Whoever plans a run holds this lock from before its source is staged until the run is written or given up.
CREATE FUNCTION scoring.is_planning(run_id bigint) RETURNS boolean
LANGUAGE sql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
    SELECT NOT EXISTS (SELECT FROM scoring.runs WHERE runs.run_id = is_planning.run_id)
       AND EXISTS (
           SELECT FROM pg_locks, hashtextextended('batchscorer planning of run ' || is_planning.run_id, 0) AS key
           WHERE locktype = 'advisory' AND objsubid = 1 AND pid = pg_backend_pid() AND granted
             AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
             AND classid::bigint = (key >> 32) & 4294967295 AND objid::bigint = key & 4294967295)
$$;
COMMENT ON FUNCTION scoring.is_planning(bigint) IS 'Whether this session plans a run of this number';

CREATE FUNCTION scoring.stage_source(run_id bigint, columns text[], types oid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    staged text := 'source_of_run_' || stage_source.run_id;
    runner text;
BEGIN
    IF scoring.is_planning(stage_source.run_id) IS NOT TRUE THEN
        RAISE EXCEPTION 'This session does not plan run %: a source is staged for a run that is being planned.', stage_source.run_id;
    END IF;
    IF cardinality(columns) IS DISTINCT FROM cardinality(types) OR cardinality(columns) = 0 OR array_position(columns, NULL) IS NOT NULL
       OR EXISTS (SELECT FROM unnest(types) AS type WHERE NOT EXISTS (SELECT FROM pg_type WHERE oid = type AND typtype IN ('b', 'e', 'r', 'm', 'c'))) THEN
        RAISE EXCEPTION 'The columns to stage do not go with their types: expected a name and a type for each.';
    END IF;
    EXECUTE (
        SELECT format('CREATE TABLE scoring.%I (%s)', staged, string_agg(format('%I %s', name, format_type(type, -1)), ', ' ORDER BY place))
        FROM unnest(columns, types) WITH ORDINALITY AS wanted (name, type, place));
    FOR runner IN SELECT rolname FROM scoring.roles JOIN pg_roles ON rolname = role_name WHERE purpose = 'runner' LOOP
        EXECUTE format('GRANT SELECT, INSERT ON scoring.%I TO %I', staged, runner);
    END LOOP;
END
$$;
COMMENT ON FUNCTION scoring.stage_source(bigint, text[], oid[]) IS 'Makes the table into which the session that plans a run writes its source''s rows';

CREATE FUNCTION scoring.seal_staged_source(run_id bigint, key text[], cursor_column text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    staged text := 'source_of_run_' || seal_staged_source.run_id;
BEGIN
    IF scoring.is_planning(seal_staged_source.run_id) IS NOT TRUE THEN
        RAISE EXCEPTION 'This session does not plan run %: its staged source is not for it to seal.', seal_staged_source.run_id;
    END IF;
    EXECUTE format('ALTER TABLE scoring.%I ADD PRIMARY KEY (%s)', staged, (SELECT string_agg(quote_ident(name), ', ' ORDER BY place) FROM unnest(key) WITH ORDINALITY AS part (name, place)));
    IF cursor_column IS NOT NULL THEN
        EXECUTE format('ALTER TABLE scoring.%I ALTER %I SET NOT NULL', staged, cursor_column);
    END IF;
    EXECUTE format('ANALYZE scoring.%I', staged);
END
$$;
COMMENT ON FUNCTION scoring.seal_staged_source(bigint, text[], text) IS 'Proves that the key names one row of a staged source, and that neither it nor the cursor is null';

CREATE FUNCTION scoring.drop_staged_source(run_id bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    staged    text := 'source_of_run_' || drop_staged_source.run_id;
    run_state text := (SELECT state FROM scoring.runs WHERE runs.run_id = drop_staged_source.run_id);
BEGIN
    IF run_state IS NULL THEN
        -- The lock may have come free by the commit that wrote the run, which only a new statement sees.
        IF NOT pg_try_advisory_xact_lock(hashtextextended('batchscorer planning of run ' || drop_staged_source.run_id, 0))
           OR EXISTS (SELECT FROM scoring.runs WHERE runs.run_id = drop_staged_source.run_id) THEN
            RETURN false;
        END IF;
    ELSIF run_state NOT IN ('published', 'withdrawn', 'abandoned') THEN
        RETURN false;
    END IF;
    -- Another user's table is left to that user.
    IF NOT EXISTS (SELECT FROM pg_class WHERE relname = staged AND relnamespace = 'scoring'::regnamespace AND relkind = 'r' AND pg_has_role(relowner, 'USAGE')) THEN
        RETURN false;
    END IF;
    DELETE FROM scoring.rows_taken_up WHERE planned_run = drop_staged_source.run_id;
    EXECUTE format('DROP TABLE scoring.%I', staged);
    RETURN true;
END
$$;
COMMENT ON FUNCTION scoring.drop_staged_source(bigint) IS
    'Drops the staged source of a run that has ended for good, or that nobody plans any more; answers whether there was one to drop';

-- Analysts ask these, and see nothing of the tables behind them.
ALTER FUNCTION scoring.windows(text, interval, timestamptz, timestamptz) SECURITY DEFINER SET search_path = pg_catalog, pg_temp;
ALTER FUNCTION scoring.integer_windows(text, bigint, bigint, bigint) SECURITY DEFINER SET search_path = pg_catalog, pg_temp;

CREATE FUNCTION scoring.hand_over(owner text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    command text;
BEGIN
    FOR command IN
        WITH place AS (SELECT oid AS namespace, nspname, nspowner FROM pg_namespace WHERE nspname IN ('scoring', 'quartz')),
        thing AS (
            SELECT 1 AS place, format('SCHEMA %I', nspname) AS name, nspowner AS owned_by FROM place
            UNION ALL
            SELECT 2, format('%s %s', CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'c' THEN 'TYPE' ELSE 'TABLE' END, pg_class.oid::regclass), relowner
            FROM place JOIN pg_class ON relnamespace = namespace WHERE relkind IN ('r', 'p', 'v', 'c')
            UNION ALL
            SELECT 3, format('FUNCTION %s', pg_proc.oid::regprocedure), proowner
            FROM place JOIN pg_proc ON pronamespace = namespace WHERE prokind = 'f'
        )
        SELECT format('ALTER %s OWNER TO %I', name, owner)
        FROM thing
        -- What somebody else has put there stays theirs.
        WHERE owned_by <> (SELECT oid FROM pg_roles WHERE rolname = owner) AND pg_has_role(owned_by, 'USAGE')
        ORDER BY place
    LOOP
        EXECUTE command;
    END LOOP;
END
$$;
COMMENT ON FUNCTION scoring.hand_over(text) IS 'Makes a role the owner of everything in the schemas scoring and quartz';

CREATE FUNCTION scoring.present_role(wanted text) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS 'SELECT role_name FROM scoring.roles JOIN pg_roles ON rolname = role_name WHERE purpose = wanted';
COMMENT ON FUNCTION scoring.present_role(text) IS 'The role for a purpose; null while it is not there';

CREATE FUNCTION scoring.grant_job_access(job text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    owner   text := scoring.present_role('owner');
    runner  text := scoring.present_role('runner');
    analyst text := scoring.present_role('analyst');
    reader  text;
BEGIN
    IF to_regclass(format('scoring.%I', job || '_history')) IS NULL THEN
        RETURN; -- An older version made its tables; db migrate makes the rest.
    END IF;
    IF runner IS NOT NULL THEN
        EXECUTE format('GRANT SELECT, INSERT ON scoring.%I TO %I', job || '_predictions', runner);
    END IF;
    FOREACH reader IN ARRAY array_remove(ARRAY[runner, analyst], NULL) LOOP
        EXECUTE format('GRANT SELECT ON scoring.%I, scoring.%I TO %I', job || '_latest', job || '_history', reader);
        EXECUTE format('GRANT EXECUTE ON FUNCTION scoring.%I(timestamptz) TO %I', job || '_as_of', reader);
    END LOOP;
    IF owner IS NOT NULL AND pg_has_role(owner, 'USAGE') THEN
        PERFORM scoring.hand_over(owner);
    END IF;
END
$$;
COMMENT ON FUNCTION scoring.grant_job_access(text) IS 'Gives runner and analyst what they need of a job''s table and views, and the owner the ownership; roles that are not there get nothing';

CREATE FUNCTION scoring.grant_ledger_access(runner text, analyst text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    command text;
BEGIN
    FOREACH command IN ARRAY ARRAY[
        'GRANT USAGE ON SCHEMA scoring TO %1$I',
        'GRANT SELECT ON scoring.migrations, scoring.models, scoring.jobs, scoring.runs, scoring.chunks, scoring.chunk_attempts,
            scoring.rejected_rows, scoring.run_publications, scoring.backfills, scoring.backfill_windows, scoring.rows_taken_up, scoring.retention TO %1$I',
        'GRANT INSERT ON scoring.models, scoring.runs, scoring.chunks, scoring.chunk_attempts, scoring.rejected_rows, scoring.run_publications,
            scoring.backfills, scoring.backfill_windows, scoring.rows_taken_up TO %1$I',
        'GRANT UPDATE (next_from, model_sha256) ON scoring.jobs TO %1$I',
        'GRANT UPDATE (state, error, chunks, rows_read, rows_scored, rows_rejected, started_at, finished_at) ON scoring.runs TO %1$I',
        'GRANT UPDATE (key_to, state, rows_read, rows_scored, rows_rejected, read_ms, score_ms, write_ms, done_at, error, not_before, reopened_at) ON scoring.chunks TO %1$I',
        'GRANT UPDATE (error, outcome, ended_at) ON scoring.chunk_attempts TO %1$I',
        'GRANT UPDATE (taken_up_by, resolved_by, resolved_at) ON scoring.rejected_rows TO %1$I',
        'GRANT UPDATE (shown_to) ON scoring.run_publications TO %1$I',
        'GRANT UPDATE (state, error, finished_at, enqueued) ON scoring.backfills TO %1$I',
        'GRANT USAGE ON SEQUENCE scoring.runs_run_id_seq TO %1$I',
        'GRANT EXECUTE ON FUNCTION scoring.ensure_predictions_partition(text, date), scoring.stage_source(bigint, text[], oid[]),
            scoring.seal_staged_source(bigint, text[], text), scoring.drop_staged_source(bigint), scoring.cursor_position(timestamptz),
            scoring.covering_runs(text, boolean), scoring.shown_windows(text, boolean), scoring.window_states(text, text, boolean, bigint[], bigint[]) TO %1$I',
        'GRANT SELECT ON scoring.run_summary, scoring.window_status TO %1$I',
        'GRANT EXECUTE ON FUNCTION scoring.window_pieces(text) TO %1$I',
        'GRANT EXECUTE ON FUNCTION scoring.predictions_partitions(text), scoring.predictions_are_kept(bigint), scoring.expired_predictions(text), scoring.expired_runs(text),
            scoring.expired_rejected_rows(text), scoring.drop_expired_predictions(text), scoring.forget_expired_runs(text), scoring.forget_expired_rejected_rows(text), scoring.history_reaches(text, timestamptz) TO %1$I',
        'GRANT USAGE ON SCHEMA scoring TO %2$I',
        'GRANT SELECT (run_id, key, job, chunk_no, column_name, reason, source_cursor, rejected_at, taken_up_by, resolved_by, resolved_at) ON scoring.rejected_rows TO %2$I',
        'GRANT SELECT ON scoring.run_summary, scoring.window_status TO %2$I',
        'GRANT EXECUTE ON FUNCTION scoring.windows(text, interval, timestamptz, timestamptz), scoring.integer_windows(text, bigint, bigint, bigint), scoring.window_pieces(text),
            scoring.explain_prediction(text, jsonb), scoring.explain_prediction(text, text[]), scoring.explain_prediction(text, bigint),
            scoring.history_reaches(text, timestamptz) TO %2$I']
    LOOP
        IF (CASE WHEN position('%1$I' IN command) > 0 THEN runner ELSE analyst END) IS NOT NULL THEN
            EXECUTE format(command, runner, analyst);
        END IF;
    END LOOP;
    IF runner IS NOT NULL AND to_regnamespace('quartz') IS NOT NULL THEN
        EXECUTE format('GRANT USAGE ON SCHEMA quartz TO %1$I; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA quartz TO %1$I; GRANT USAGE ON ALL SEQUENCES IN SCHEMA quartz TO %1$I', runner);
    END IF;
END
$$;
COMMENT ON FUNCTION scoring.grant_ledger_access(text, text) IS 'Gives runner and analyst what they need of the ledger, and the runner what Quartz needs; null for a role that is not there';

CREATE FUNCTION scoring.grant_access() RETURNS TABLE (statement text, reason text)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    wanted record;
    job    text;
    owner  text := (SELECT role_name FROM scoring.roles WHERE purpose = 'owner');
    runner text := (SELECT role_name FROM scoring.roles WHERE purpose = 'runner');
BEGIN
    -- Two that give rights on a table at the same time get in each other's way. Whoever makes a job's tables holds this lock as well.
    PERFORM pg_advisory_xact_lock(hashtextextended('batchscorer tables and rights', 0));
    FOR wanted IN SELECT role_name FROM scoring.roles WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role_name) ORDER BY purpose LOOP
        statement := format('CREATE ROLE %I NOLOGIN', wanted.role_name);
        BEGIN
            EXECUTE statement;
        EXCEPTION
            WHEN insufficient_privilege THEN
                reason := 'the role is missing';
                RETURN NEXT;
            WHEN duplicate_object OR unique_violation THEN
                NULL; -- Another database's migration has just made it.
        END;
    END LOOP;

    PERFORM scoring.grant_ledger_access(scoring.present_role('runner'), scoring.present_role('analyst'));
    -- Not while the table is read, whose owner changes as well.
    FOREACH job IN ARRAY (SELECT coalesce(array_agg(name), '{}') FROM scoring.jobs) LOOP
        PERFORM scoring.grant_job_access(job);
    END LOOP;

    statement := format('GRANT pg_read_all_stats TO %I', runner);
    reason := 'without it the runner cannot see which transactions a window has to wait for';
    BEGIN
        IF NOT coalesce((SELECT pg_has_role(oid, 'pg_read_all_stats', 'USAGE') FROM pg_roles WHERE rolname = runner), false) THEN
            EXECUTE statement;
        END IF;
    EXCEPTION
        WHEN insufficient_privilege OR undefined_object THEN
            RETURN NEXT;
        WHEN unique_violation THEN
            NULL; -- Another database's migration has just done it.
    END;

    statement := format('GRANT %I TO %I', owner, current_user);
    BEGIN
        IF NOT coalesce((SELECT pg_has_role(oid, 'USAGE') FROM pg_roles WHERE rolname = owner), false) THEN
            EXECUTE statement;
        END IF;
        PERFORM scoring.hand_over(owner);
    EXCEPTION WHEN insufficient_privilege OR undefined_object THEN
        reason := format('the tables stay this user''s own instead of the role''s: %s', SQLERRM);
        RETURN NEXT;
    END;
END
$$;
COMMENT ON FUNCTION scoring.grant_access() IS
    'Makes the roles in scoring.roles where they are missing, gives each what it needs, and hands the tables over to the owner; answers with the statements that are left to an administrator, and why';

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA scoring FROM PUBLIC;

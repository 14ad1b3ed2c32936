using BatchScorer.Errors;
using BatchScorer.Postgres;
using BatchScorer.Sources;
using Dapper;

namespace BatchScorer.Runs.Backfills;

/// <summary>A backfill as its row froze it.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Manifest">What all its windows are scored by.</param>
/// <param name="Parallel">How many windows a process scores at a time.</param>
/// <param name="Enqueued">Whether the nodes that run <c>serve</c> work on it by themselves.</param>
internal sealed record Backfill(long Id, Manifest Manifest, int Parallel, bool Enqueued)
{
    public string Job => Manifest.Job.Name;
}

/// <summary>A window that a backfill has still to score.</summary>
internal sealed record PendingWindow(string WindowFrom, string WindowTo, long RowsExpected)
{
    public CursorRange Range => new(WindowFrom, WindowTo);
}

/// <summary>Writes and reads the rows of backfills.</summary>
internal sealed class BackfillStore(Database database)
{
    private const string Insert =
        """
        INSERT INTO scoring.backfills (job, window_from, window_to, every, chosen, newest_first, parallel, enqueued, model_sha256, manifest, plan_hash, host, process_id, program_version)
        VALUES (@job, @from, @to, @every, @chosen, @newestFirst, @parallel, @enqueued, @modelSha256, @manifest::jsonb, @planHash, @host, @processId, @programVersion)
        RETURNING backfill_id
        """;

    private const string InsertWindows =
        """
        INSERT INTO scoring.backfill_windows (backfill_id, window_no, window_from, window_to, rows_expected)
        SELECT @id, place - 1, window_from, window_to, rows_expected
        FROM unnest(@froms, @tos, @rows) WITH ORDINALITY AS chosen (window_from, window_to, rows_expected, place)
        """;

    // A window that was published and withdrawn since has been scored all the same.
    private const string Done = "run.state IN ('published', 'withdrawn')";

    private const string Pending =
        $"""
        SELECT window_from, window_to, rows_expected FROM scoring.backfill_windows AS asked
        WHERE backfill_id = @id AND NOT EXISTS (
            SELECT FROM scoring.runs AS run WHERE run.backfill_id = asked.backfill_id AND run.window_from = asked.window_from AND {Done})
        ORDER BY window_no
        """;

    // Who helps with what the nodes are at leaves it to them; one that was stopped is taken from them, unless it is handed to them.
    private const string Reopen =
        """
        UPDATE scoring.backfills
        SET state = 'running', error = NULL, finished_at = NULL, enqueued = @enqueue OR (enqueued AND state = 'running')
        WHERE backfill_id = @id AND state <> 'succeeded'
        RETURNING enqueued
        """;

    private const string Enqueued = "SELECT backfill_id FROM scoring.backfills WHERE enqueued AND state = 'running' ORDER BY backfill_id";

    private const string Close =
        """
        UPDATE scoring.backfills SET state = @state, error = @error, finished_at = clock_timestamp() WHERE backfill_id = @id AND state = 'running'
        """;

    /// <summary>Writes a backfill with the windows that its plan chose, and keeps its model.</summary>
    /// <param name="job">Its job, prepared with the model that is to score.</param>
    /// <param name="plan">What it does.</param>
    /// <param name="parallel">How many windows a process scores at a time.</param>
    /// <param name="enqueued">Whether the nodes that run <c>serve</c> are to work on it by themselves.</param>
    /// <returns>Its number.</returns>
    public async Task<long> InsertAsync(PlannedJob job, BackfillPlan plan, int parallel, bool enqueued, CancellationToken cancellationToken)
    {
        await using var connection = await database.Writers.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await FrozenModels.AddAsync(connection, job.ModelFile, job.Manifest.Model, job.Model.Schema, cancellationToken);
        var id = await connection.ExecuteScalarAsync<long>(new CommandDefinition(Insert, new
        {
            job = plan.Job,
            from = plan.From,
            to = plan.To,
            every = plan.Every,
            chosen = plan.Only.ToString().ToLowerInvariant(),
            newestFirst = plan.NewestFirst,
            parallel,
            enqueued,
            modelSha256 = plan.Model.Sha256,
            manifest = job.Manifest.ToJson(),
            planHash = plan.Hash,
            host = Environment.MachineName,
            processId = Environment.ProcessId,
            programVersion = RunStore.ProgramVersion,
        }, cancellationToken: cancellationToken));
        var chosen = plan.Chosen().ToList();
        await connection.ExecuteAsync(new CommandDefinition(InsertWindows, new
        {
            id,
            froms = chosen.Select(window => window.From).ToArray(),
            tos = chosen.Select(window => window.To).ToArray(),
            rows = chosen.Select(window => window.Rows).ToArray(),
        }, cancellationToken: cancellationToken));
        await transaction.CommitAsync(cancellationToken);
        return id;
    }

    /// <exception cref="BatchScorerException">There is no such backfill.</exception>
    public async Task<Backfill> ReadAsync(long id, CancellationToken cancellationToken)
    {
        await using var connection = await database.Writers.OpenConnectionAsync(cancellationToken);
        var (manifest, parallel, enqueued) = await connection.QuerySingleOrDefaultAsync<(string? Manifest, int Parallel, bool Enqueued)>(new CommandDefinition(
            "SELECT manifest::text, parallel, enqueued FROM scoring.backfills WHERE backfill_id = @id", new { id }, cancellationToken: cancellationToken));
        return manifest is null ? throw BackfillCatalog.Unknown(id) : new Backfill(id, Manifest.Parse(manifest), parallel, enqueued);
    }

    /// <summary>The backfills on which the nodes that run <c>serve</c> are to work, the oldest first.</summary>
    public async Task<IReadOnlyList<long>> EnqueuedAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.Writers.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<long>(new CommandDefinition(Enqueued, cancellationToken: cancellationToken))).AsList();
    }

    /// <summary>The windows that have no published run yet, in the order in which they are scored.</summary>
    public async Task<IReadOnlyList<PendingWindow>> PendingAsync(long id, CancellationToken cancellationToken)
    {
        await using var connection = await database.Writers.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<PendingWindow>(new CommandDefinition(Pending, new { id }, cancellationToken: cancellationToken))).AsList();
    }

    /// <summary>Has a backfill go on that failed, was cancelled, or was left by its process.</summary>
    /// <param name="backfill">The backfill.</param>
    /// <param name="enqueue">Whether the nodes that run <c>serve</c> are to work on it.</param>
    /// <returns>It, as it is now.</returns>
    /// <exception cref="BatchScorerException">It has succeeded.</exception>
    public async Task<Backfill> ReopenAsync(Backfill backfill, bool enqueue, CancellationToken cancellationToken)
    {
        await using var connection = await database.Writers.OpenConnectionAsync(cancellationToken);
        var enqueued = await connection.ExecuteScalarAsync<bool?>(new CommandDefinition(Reopen, new { id = backfill.Id, enqueue }, cancellationToken: cancellationToken))
            ?? throw new BatchScorerException(ExitCode.Usage,
                $"Backfill {backfill.Id} of job {backfill.Job} has succeeded, expected one that failed, was stopped or cancelled: nothing is left to do.");
        return backfill with { Enqueued = enqueued };
    }

    public async Task<bool> IsRunningAsync(long id, CancellationToken cancellationToken)
    {
        await using var connection = await database.Writers.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "SELECT state = 'running' FROM scoring.backfills WHERE backfill_id = @id", new { id }, cancellationToken: cancellationToken));
    }

    /// <summary>Ends a backfill, unless it was cancelled meanwhile.</summary>
    /// <param name="id">The backfill.</param>
    /// <param name="error">Why it failed; null when it succeeded.</param>
    /// <returns>Whether it was still running.</returns>
    public async Task<bool> CloseAsync(long id, string? error, CancellationToken cancellationToken)
    {
        await using var connection = await database.Writers.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteAsync(new CommandDefinition(
            Close, new { id, state = error is null ? "succeeded" : "failed", error }, cancellationToken: cancellationToken)) > 0;
    }
}

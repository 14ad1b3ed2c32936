using BatchScorer.Errors;
using Dapper;
using Npgsql;

namespace BatchScorer.Quality.Challengers;

/// <summary>Runs in which the same two models have scored the same rows.</summary>
internal sealed record ComparedRuns
{
    // A run of which retention has taken predictions would seem to have had rows rejected.
    private const string Select =
        """
        SELECT run.run_id, run.model_name || '@' || run.model_version AS model, run.model_sha256,
               run.challenger_name || '@' || run.challenger_version AS challenger, run.challenger_sha256
        FROM scoring.runs AS run
        JOIN scoring.run_publications AS shown ON shown.run_id = run.run_id AND shown.shown_to IS NULL
        WHERE run.job = @job AND run.state = 'published' AND run.challenger_sha256 IS NOT NULL AND scoring.predictions_are_kept(run.run_id)
          AND (@run::bigint IS NULL OR run.run_id = @run) AND (@from::timestamptz IS NULL OR shown.shown_from >= @from) AND (@to::timestamptz IS NULL OR shown.shown_from < @to)
          AND (@challenger::text IS NULL OR run.challenger_sha256 = @challenger) AND (@model::text IS NULL OR run.model_sha256 = @model)
        ORDER BY run.run_id
        """;

    public required string Model { get; init; }

    public required string ModelSha256 { get; init; }

    public required string Challenger { get; init; }

    public required string ChallengerSha256 { get; init; }

    public required IReadOnlyList<long> Ids { get; init; }

    /// <summary>Finds published runs with the two models of the newest one.</summary>
    /// <param name="connection">To the ledger.</param>
    /// <param name="job">The job.</param>
    /// <param name="choice">Which of its runs.</param>
    /// <returns>Null where there are none.</returns>
    public static async Task<ComparedRuns?> FindAsync(NpgsqlConnection connection, string job, ComparisonChoice choice, CancellationToken cancellationToken)
    {
        var rows = (await connection.QueryAsync<Row>(new CommandDefinition(
            Select, new { job, run = choice.Run, from = choice.From, to = choice.To, challenger = choice.ChallengerSha256, model = choice.ModelSha256 }, cancellationToken: cancellationToken))).AsList();
        if (rows is not [.., var newest])
            return null;
        return new ComparedRuns
        {
            Model = newest.Model,
            ModelSha256 = newest.ModelSha256,
            Challenger = newest.Challenger,
            ChallengerSha256 = newest.ChallengerSha256,
            Ids = [.. rows.Where(row => (row.ModelSha256, row.ChallengerSha256) == (newest.ModelSha256, newest.ChallengerSha256)).Select(row => row.RunId)],
        };
    }

    /// <exception cref="BatchScorerException">There are none.</exception>
    public static async Task<ComparedRuns> RequireAsync(NpgsqlConnection connection, string job, ComparisonChoice choice, CancellationToken cancellationToken) =>
        await FindAsync(connection, job, choice, cancellationToken)
            ?? throw new BatchScorerException(ExitCode.Usage,
                $"{(choice.Run is { } run ? $"Run {run}" : $"No run {(choice.From is null && choice.To is null ? "" : "of that time ")}")} of job \"{job}\" is{(choice.Run is null ? "" : " not")} published with a challenger"
                + $"{(choice.Run is null ? "" : ", or not all of its predictions are kept")}: run `batchscorer run {job}`, and see scoring.challenger_runs.");

    private sealed record Row(long RunId, string Model, string ModelSha256, string Challenger, string ChallengerSha256);
}

/// <summary>Which of a job's runs are compared; those of the newest one's two models.</summary>
internal sealed record ComparisonChoice
{
    /// <summary>This one alone; null for all.</summary>
    public long? Run { get; init; }

    /// <summary>Published from then on; null for ever since.</summary>
    public DateTime? From { get; init; }

    /// <summary>Published before; null for until now.</summary>
    public DateTime? To { get; init; }

    /// <summary>With this model; null for any.</summary>
    public string? ModelSha256 { get; init; }

    /// <summary>With this challenger; null for any.</summary>
    public string? ChallengerSha256 { get; init; }
}

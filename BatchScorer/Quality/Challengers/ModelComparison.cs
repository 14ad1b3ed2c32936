using BatchScorer.Errors;
using BatchScorer.Jobs;
using BatchScorer.Postgres;
using BatchScorer.Predictions.Views;
using BatchScorer.Quality.Labels;
using BatchScorer.Sources;
using Dapper;
using Npgsql;

namespace BatchScorer.Quality.Challengers;

/// <summary>Compares what a job's model and its challenger answered. The server does what takes all rows, whatever their number.</summary>
internal sealed class ModelComparison(Database database)
{
    private const string Settings = "SELECT set_config('work_mem', '64MB', true), set_config('jit', 'off', true)";

    private const string Counts =
        """
        SELECT coalesce(sum(chunk.rows_scored) FILTER (WHERE fault IS NULL), 0)::bigint, coalesce(sum(beside.rows_scored) FILTER (WHERE fault IS NULL), 0)::bigint, count(fault)
        FROM scoring.challenger_chunks AS beside JOIN scoring.chunks AS chunk USING (run_id, chunk_no)
        WHERE run_id = ANY (@runs)
        """;

    private static readonly double[] Shares = [0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1];

    /// <param name="job">The job.</param>
    /// <param name="choice">Which of its runs.</param>
    /// <exception cref="BatchScorerException">The job has never had a challenger, or there are no such runs.</exception>
    public async Task<ComparisonRecord> ReadAsync(Job job, ComparisonChoice choice, CancellationToken cancellationToken)
    {
        await using var connection = await database.Writers.OpenConnectionAsync(cancellationToken);
        var view = await DescribeAsync(connection, job, cancellationToken);
        var comparison = job.Definition.Labels is null ? null : await LabelSource.CompareAsync(database.Readers, job, cancellationToken);
        var columns = ComparedColumns.Of(job.Definition, comparison, view);
        // One snapshot for all that is asked.
        await using var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(Settings, cancellationToken: cancellationToken));
        var runs = await ComparedRuns.RequireAsync(connection, job.Name, choice, cancellationToken);
        var (model, challenger, leftOut) = await connection.QuerySingleAsync<(long, long, long)>(Command(Counts, runs, null, cancellationToken));
        var rows = await connection.ExecuteScalarAsync<long>(Command($"SELECT count(*) FROM {ComparisonView.Name(job.Name)} WHERE run_id = ANY (@runs)", runs, null, cancellationToken));
        return new ComparisonRecord
        {
            Job = job.Name,
            Model = runs.Model,
            ModelSha256 = runs.ModelSha256,
            Challenger = runs.Challenger,
            ChallengerSha256 = runs.ChallengerSha256,
            Runs = runs.Ids,
            Rows = rows,
            RejectedByModelAlone = challenger - rows,
            RejectedByChallengerAlone = model - rows,
            ChunksLeftOut = leftOut,
            Score = await FirstAsync(connection, job.Name, runs, columns.Scores, score => score, cancellationToken) is { } score ? await CompareAsync(connection, job.Name, runs, score, cancellationToken) : null,
            Class = await FirstAsync(connection, job.Name, runs, columns.Classes, of => of.Output, cancellationToken) is { } kind ? await CompareAsync(connection, job.Name, runs, kind, cancellationToken) : null,
            Quality = comparison is null ? null : await LabelledComparison.MeasureAsync(connection, job.Name, comparison, runs, cancellationToken),
        };
    }

    private static async Task<SourceDescription> DescribeAsync(NpgsqlConnection connection, Job job, CancellationToken cancellationToken)
    {
        try
        {
            return await SourceCatalog.DescribeTableAsync(connection, new QualifiedName("scoring", $"{job.Name}_comparison"), cancellationToken);
        }
        catch (BatchScorerException)
        {
            throw new BatchScorerException(ExitCode.BadConfiguration,
                $"Job \"{job.Name}\" has no challenger to be compared with: name a registered model in {Path.GetFileName(job.File)}, \"challenger\": \"NAME@VERSION\", then run `batchscorer db migrate` and `batchscorer run {job.Name}`.");
        }
    }

    /// <summary>The first of the outputs that the challenger has.</summary>
    private static async Task<T?> FirstAsync<T>(NpgsqlConnection connection, string job, ComparedRuns runs, IReadOnlyList<T> among, Func<T, string> outputOf, CancellationToken cancellationToken)
        where T : class
    {
        foreach (var candidate in among)
        {
            if (await connection.ExecuteScalarAsync<bool>(Command(
                $"SELECT EXISTS (SELECT FROM {ComparisonView.Name(job)} WHERE run_id = ANY (@runs) AND {Challenger(outputOf(candidate))} IS NOT NULL)", runs, null, cancellationToken)))
                return candidate;
        }

        return null;
    }

    private static async Task<ScoreDifference> CompareAsync(NpgsqlConnection connection, string job, ComparedRuns runs, string score, CancellationToken cancellationToken)
    {
        var (rank, correlation, mean, quantiles) = await connection.QuerySingleAsync<(double?, double?, double?, double[]?)>(Command(
            $"""
            WITH compared AS (
                SELECT {SqlIdentifier.Quote(score)}::double precision AS model, {Challenger(score)}::double precision AS challenger
                FROM {ComparisonView.Name(job)} WHERE run_id = ANY (@runs) AND {SqlIdentifier.Quote(score)} IS NOT NULL AND {Challenger(score)} IS NOT NULL
            ), ranked AS (
                SELECT model, challenger,
                       rank() OVER (ORDER BY model) + (count(*) OVER (PARTITION BY model) - 1) / 2.0::double precision AS model_rank,
                       rank() OVER (ORDER BY challenger) + (count(*) OVER (PARTITION BY challenger) - 1) / 2.0::double precision AS challenger_rank,
                       CASE WHEN abs(model) < 'Infinity' AND abs(challenger) < 'Infinity' THEN challenger - model END AS difference
                FROM compared
            )
            SELECT corr(model_rank, challenger_rank), corr(model, challenger) FILTER (WHERE difference IS NOT NULL), avg(difference), percentile_cont(@shares) WITHIN GROUP (ORDER BY difference)
            FROM ranked
            """,
            runs, null, cancellationToken));
        return new ScoreDifference(score, rank, correlation, mean, quantiles is null ? [] : [.. Shares.Zip(quantiles, (share, value) => new DifferenceQuantile(share, value))]);
    }

    private static async Task<ClassDifference> CompareAsync(NpgsqlConnection connection, string job, ComparedRuns runs, ComparedClass kind, CancellationToken cancellationToken)
    {
        var pairs = (await connection.QueryAsync<ClassChange>(Command(
            $"""
            SELECT {kind.Of(SqlIdentifier.Quote(kind.Output))} AS "from", {kind.Of(Challenger(kind.Output))} AS "to", count(*) AS rows
            FROM {ComparisonView.Name(job)} WHERE run_id = ANY (@runs)
            GROUP BY 1, 2
            ORDER BY rows DESC, 1, 2
            """,
            runs, kind.Threshold, cancellationToken))).AsList();
        var rows = pairs.Sum(pair => pair.Rows);
        var changes = pairs.Where(pair => pair.From != pair.To).ToList();
        var changed = changes.Sum(change => change.Rows);
        return new ClassDifference(kind.Output, kind.Threshold, rows == 0 ? null : (rows - changed) / (double)rows, changed, changes);
    }

    private static string Challenger(string output) => SqlIdentifier.Quote(ComparisonView.NameOf(output));

    private static CommandDefinition Command(string sql, ComparedRuns runs, double? threshold, CancellationToken cancellationToken) =>
        new(sql, new { runs = runs.Ids.ToArray(), shares = Shares, threshold }, commandTimeout: 0, cancellationToken: cancellationToken);
}

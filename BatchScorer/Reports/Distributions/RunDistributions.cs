using BatchScorer.Predictions;
using Dapper;
using Npgsql;

namespace BatchScorer.Reports.Distributions;

/// <summary>How a run's outputs are spread, beside those of the job's run before.</summary>
internal sealed record RunDistributions
{
    private const int MostOutputs = 40;

    /// <summary>The run before; null where there is none to compare with.</summary>
    public long? Previous { get; private init; }

    public required IReadOnlyList<OutputDistribution> Outputs { get; init; }

    /// <summary>Outputs that are lists of numbers, which have no one distribution.</summary>
    public required IReadOnlyList<string> Lists { get; init; }

    /// <summary>Outputs beyond those that a page has room for.</summary>
    public required IReadOnlyList<string> Beyond { get; init; }

    /// <summary>Counts the predictions of both runs: twice through those of numbers, once through those of texts and booleans.</summary>
    /// <param name="connection">What to read by.</param>
    /// <param name="job">The job.</param>
    /// <param name="runId">Its run, of which nobody writes predictions any more.</param>
    public static async Task<RunDistributions> ReadAsync(NpgsqlConnection connection, string job, long runId, CancellationToken cancellationToken)
    {
        var previous = await connection.ExecuteScalarAsync<long?>(new CommandDefinition(DistributionQueries.Previous, new { job, runId }, cancellationToken: cancellationToken));
        var days = (await connection.QueryAsync<DateOnly>(new CommandDefinition(DistributionQueries.Days, new { runId, previous }, cancellationToken: cancellationToken))).ToArray();
        var columns = await ScoredColumn.ReadAsync(connection, job, runId, cancellationToken);
        var drawn = columns.Where(column => !column.IsList).Take(MostOutputs).ToList();
        var counting = new PredictionCounting(connection, PredictionLayout.TableOf(job), runId, previous, days);
        var outputs = (await counting.NumbersAsync([.. drawn.Where(column => column.IsNumber)], cancellationToken))
            .Concat<OutputDistribution>(await counting.ValuesAsync([.. drawn.Where(column => !column.IsNumber)], cancellationToken))
            .ToDictionary(output => output.Name);
        return new RunDistributions
        {
            Previous = previous,
            Outputs = [.. drawn.Where(column => outputs.ContainsKey(column.Name)).Select(column => outputs[column.Name])],
            Lists = [.. columns.Where(column => column.IsList).Select(column => column.Name)],
            Beyond = [.. columns.Where(column => !column.IsList).Skip(MostOutputs).Select(column => column.Name)],
        };
    }
}

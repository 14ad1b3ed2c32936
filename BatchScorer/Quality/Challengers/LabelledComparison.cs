using BatchScorer.Jobs;
using BatchScorer.Postgres;
using BatchScorer.Predictions;
using BatchScorer.Quality.Labels;
using BatchScorer.Quality.Metrics;
using BatchScorer.Quality.Slices;
using Npgsql;

namespace BatchScorer.Quality.Challengers;

/// <summary>Measures a job's model and its challenger by the same labels.</summary>
internal static class LabelledComparison
{
    /// <param name="connection">To the ledger.</param>
    /// <param name="job">The job.</param>
    /// <param name="comparison">What of its predictions is compared with labels.</param>
    /// <param name="runs">The runs.</param>
    /// <returns>Null where the challenger does not have what is compared.</returns>
    public static async Task<BothQualities?> MeasureAsync(NpgsqlConnection connection, string job, Comparison comparison, ComparedRuns runs, CancellationToken cancellationToken)
    {
        var (ofModel, ofChallenger) = (Outcomes.Of(comparison), Outcomes.Of(comparison));
        var lacks = false;
        await using (var command = new NpgsqlCommand(Select(job, comparison), connection) { CommandTimeout = 0 })
        {
            command.Parameters.Add(new NpgsqlParameter<string>("job", job));
            command.Parameters.Add(new NpgsqlParameter<long[]>("runs", [.. runs.Ids]));
            command.Parameters.Add(new NpgsqlParameter<string[]>("classes", [.. comparison.Classes ?? []]));
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                // Its number, or its class, is missing in all rows or in none.
                lacks |= reader.IsDBNull(comparison.Kind is LabelKind.Multiclass ? 5 : 4);
                if (lacks)
                    break;
                var (actual, actualClass) = (Number(reader, 2), Text(reader, 3));
                ofModel.Add(new LabelledPrediction(0, Number(reader, 0), Text(reader, 1), actual, actualClass, default, default));
                ofChallenger.Add(new LabelledPrediction(0, Number(reader, 4), Text(reader, 5), actual, actualClass, default, default));
            }
        }

        return lacks ? null : new BothQualities(comparison.Output, ofModel.Rows, [.. ofModel.Measure().Zip(ofChallenger.Measure(), Of)]);
    }

    private static MetricOfBoth Of(Metric model, Metric challenger) => new(model.Name, model.Value, challenger.Value, model.Reason ?? challenger.Reason);

    private static string Select(string job, Comparison comparison)
    {
        var output = SqlIdentifier.Quote("challenger", comparison.Output);
        var isClass = comparison.Kind is LabelKind.Multiclass;
        var probability = comparison.Probabilities is { } column ? $"({SqlIdentifier.Quote("challenger", column)})[array_position(@classes, labelled.actual_class)]" : "NULL";
        return $"""
            SELECT labelled.predicted, labelled.predicted_class, labelled.actual, labelled.actual_class,
                   ({(isClass ? probability : output)})::double precision, {(isClass ? $"{output}::text" : "NULL::text")}
            FROM scoring.labelled_predictions AS labelled
            JOIN {PredictionLayout.ChallengerTableOf(job)} AS challenger ON challenger.run_id = labelled.run_id
             AND ARRAY[{string.Join(", ", comparison.Key.Select(key => $"{SqlIdentifier.Quote("challenger", key.Name)}::text"))}] COLLATE "C" = labelled.key
            JOIN scoring.challenger_chunks AS chunk ON chunk.run_id = challenger.run_id AND chunk.chunk_no = challenger.chunk_no AND chunk.fault IS NULL
            WHERE labelled.job = @job AND labelled.run_id = ANY (@runs)
            """;
    }

    private static double? Number(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetDouble(column);

    private static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
}

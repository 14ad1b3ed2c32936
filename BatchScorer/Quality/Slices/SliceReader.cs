using System.Runtime.InteropServices;
using BatchScorer.Quality.Labels;
using Dapper;
using Npgsql;

namespace BatchScorer.Quality.Slices;

/// <summary>Measures a job's labelled predictions, in one pass over them.</summary>
/// <param name="job">The job.</param>
/// <param name="comparison">What is compared.</param>
internal sealed class SliceReader(string job, Comparison comparison)
{
    private const string PublishedRuns =
        """
        SELECT run_id, model_name, model_version, model_sha256, coalesce(rows_scored, 0) AS rows_scored FROM scoring.runs
        WHERE job = @job AND state = 'published' ORDER BY run_id
        """;

    private const string Rows =
        """
        SELECT run_id, predicted, predicted_class, actual, actual_class, label_time, published_at
        FROM scoring.labelled_predictions
        WHERE job = $1 AND label_time >= $2 AND label_time < $3
        """;

    private readonly Dictionary<(ModelVersion Model, SliceKind Kind, DateTime? From, string? Lag), Outcomes> slices = [];

    /// <summary>Reads and measures.</summary>
    /// <param name="connection">In a transaction, or not.</param>
    /// <param name="kinds">Into what to cut.</param>
    /// <param name="from">The first time of a label; null for all.</param>
    /// <param name="to">The time behind the last one; null for all.</param>
    /// <param name="detailed">Whether calibration and confusion are wanted too.</param>
    /// <returns>By model version, the one that was used first first; then all of it, windows by time, lags by length.</returns>
    public async Task<IReadOnlyList<QualitySlice>> ReadAsync(
        NpgsqlConnection connection, IReadOnlyList<SliceKind> kinds, DateTime? from, DateTime? to, bool detailed, CancellationToken cancellationToken)
    {
        var runs = (await connection.QueryAsync<RunOfModel>(new CommandDefinition(PublishedRuns, new { job }, cancellationToken: cancellationToken))).AsList();
        var models = runs.ToDictionary(run => run.RunId, run => new ModelVersion(run.ModelName, run.ModelVersion, run.ModelSha256));
        var order = models.Values.Distinct().ToList();
        if (kinds.Contains(SliceKind.All))
        {
            foreach (var model in order)
                slices.Add((model, SliceKind.All, null, null), Outcomes.Of(comparison));
        }

        await GatherAsync(connection, models, kinds, from, to, cancellationToken);
        var predictions = from is null && to is null
            ? runs.GroupBy(run => models[run.RunId]).ToDictionary(of => of.Key, of => of.Sum(run => run.RowsScored))
            : [];
        return [.. slices
            .OrderBy(slice => order.IndexOf(slice.Key.Model)).ThenBy(slice => slice.Key.Kind).ThenBy(slice => slice.Key.From).ThenBy(slice => LabelLag.Order(slice.Key.Lag ?? ""))
            .Select(slice => Measure(slice.Key, slice.Value, predictions, detailed))];
    }

    private async Task GatherAsync(
        NpgsqlConnection connection, Dictionary<long, ModelVersion> models, IReadOnlyList<SliceKind> kinds, DateTime? from, DateTime? to, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Rows, connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = job });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = DateTime.SpecifyKind(from ?? DateTime.MinValue, DateTimeKind.Utc) });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = DateTime.SpecifyKind(to ?? DateTime.MaxValue, DateTimeKind.Utc) });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var row = Read(reader);
            // Labels of a run that was withdrawn since they were taken up are not counted any more.
            if (!models.TryGetValue(row.RunId, out var model))
                continue;
            foreach (var kind in kinds)
                OutcomesOf(model, kind, row).Add(row);
        }
    }

    private Outcomes OutcomesOf(ModelVersion model, SliceKind kind, in LabelledPrediction row)
    {
        var slice = (model, kind,
            kind is SliceKind.Window ? Windows.From(row.LabelTime, comparison.Window) : (DateTime?)null,
            kind is SliceKind.Lag ? LabelLag.Of(row.LabelTime - row.PublishedAt) : null);
        return CollectionsMarshal.GetValueRefOrAddDefault(slices, slice, out _) ??= Outcomes.Of(comparison);
    }

    private QualitySlice Measure(
        (ModelVersion Model, SliceKind Kind, DateTime? From, string? Lag) slice, Outcomes outcomes, Dictionary<ModelVersion, long> predictions, bool detailed) => new()
    {
        ModelName = slice.Model.Name,
        ModelVersion = slice.Model.Version,
        ModelSha256 = slice.Model.Sha256,
        Slice = slice.Kind,
        WindowFrom = slice.From,
        WindowTo = slice.From is { } start ? Windows.To(start, comparison.Window) : null,
        Lag = slice.Lag,
        Labelled = outcomes.Rows,
        Predictions = slice.Kind is SliceKind.All && predictions.TryGetValue(slice.Model, out var made) ? made : null,
        Metrics = outcomes.Measure(),
        Calibration = detailed ? outcomes.Calibrate() : null,
        Confusion = detailed ? outcomes.Confuse() : null,
    };

    private static LabelledPrediction Read(NpgsqlDataReader reader) => new(
        reader.GetInt64(0), Number(reader, 1), Text(reader, 2), Number(reader, 3), Text(reader, 4), reader.GetDateTime(5), reader.GetDateTime(6));

    private static double? Number(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetDouble(column);

    private static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    private sealed record RunOfModel(long RunId, string ModelName, string ModelVersion, string ModelSha256, long RowsScored);
}

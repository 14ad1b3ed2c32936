using BatchScorer.Postgres;

namespace BatchScorer.Predictions.Views;

/// <summary>The view <c>scoring.&lt;job&gt;_comparison</c>: what a job's model and its challenger answered to the same rows of published runs.</summary>
internal static class ComparisonView
{
    /// <summary>The columns that every such view has.</summary>
    public static IReadOnlyList<string> Common { get; } = ["run_id", "model_name", "model_version", "challenger_name", "challenger_version"];

    /// <summary>The column for the challenger's answer to an output of the job.</summary>
    public static string NameOf(string output) => $"challenger_{output}";

    public static string Name(string job) => SqlIdentifier.Quote("scoring", $"{job}_comparison");

    public static JobView Define(PredictionLayout layout)
    {
        var challenger = layout.OfChallenger();
        var together = SqlIdentifier.QuoteList([.. layout.Key.Select(column => column.Name), "run_id", "planned_on"]);
        return new JobView(
            Name(layout.Job),
            $"What the model of job {layout.Job} and its challenger answered to the same rows of published runs",
            [
                .. layout.Key.Select(column => new ViewColumn(column.Name, SqlIdentifier.Quote("prediction", column.Name), "Key of the source row")),
                .. layout.Outputs.SelectMany(column => new ViewColumn[]
                {
                    new(column.Name, SqlIdentifier.Quote("prediction", column.Name), $"The model's {column.Output}"),
                    new(NameOf(column.Name), SqlIdentifier.Quote("challenger", column.Name), $"The challenger's {column.Output}; null where it has none"),
                }),
                new("run_id", "prediction.run_id", "The run, in scoring.challenger_runs"),
                new("model_name", "run.model_name", "The model whose predictions readers see"),
                new("model_version", "run.model_version", "Its version"),
                new("challenger_name", "run.challenger_name", "The model that scored beside"),
                new("challenger_version", "run.challenger_version", "Its version"),
            ],
            $"""
            FROM {layout.Table} AS prediction
            JOIN {challenger.Table} AS challenger USING ({together})
            JOIN scoring.runs AS run ON run.run_id = prediction.run_id AND run.state = 'published'
            JOIN scoring.challenger_chunks AS chunk ON chunk.run_id = challenger.run_id AND chunk.chunk_no = challenger.chunk_no AND chunk.fault IS NULL
            """);
    }
}

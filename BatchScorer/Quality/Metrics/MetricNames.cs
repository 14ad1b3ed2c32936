namespace BatchScorer.Quality.Metrics;

/// <summary>The names of metrics, as tables, JSON and documentation have them.</summary>
internal static class MetricNames
{
    public const string Auc = "auc", LogLoss = "log_loss", Brier = "brier", Accuracy = "accuracy", Precision = "precision", Recall = "recall", F1 = "f1",
        Rmse = "rmse", Mae = "mae", R2 = "r2", MacroF1 = "macro_f1";

    /// <summary>Why nothing is defined where there are no rows.</summary>
    public const string NoRows = "no row has a label";
}

namespace BatchScorer.Quality.Metrics;

/// <summary>The names of metrics, as tables, JSON and documentation have them.</summary>
internal static class MetricNames
{
    public const string Auc = "auc", LogLoss = "log_loss", Brier = "brier", Accuracy = "accuracy", Precision = "precision", Recall = "recall", F1 = "f1",
        Rmse = "rmse", Mae = "mae", R2 = "r2", MacroF1 = "macro_f1";

    /// <summary>All of them, of whatever kind of labels.</summary>
    public static readonly IReadOnlyList<string> All = [Auc, LogLoss, Brier, Accuracy, Precision, Recall, F1, Rmse, Mae, R2, MacroF1];

    /// <summary>Whether a metric measures what is wrong rather than what is right.</summary>
    public static bool LowerIsBetter(string name) => name is LogLoss or Brier or Rmse or Mae;

    /// <summary>Why nothing is defined where there are no rows.</summary>
    public const string NoRows = "no row has a label";
}

namespace BatchScorer.Quality.Challengers;

/// <summary>How a job's model and its challenger differ, on the rows of published runs that both have scored.</summary>
internal sealed record ComparisonRecord
{
    public required string Job { get; init; }

    /// <summary>The model whose predictions readers see, as <c>name@version</c>.</summary>
    public required string Model { get; init; }

    public required string ModelSha256 { get; init; }

    /// <summary>The model that scored beside, as <c>name@version</c>.</summary>
    public required string Challenger { get; init; }

    public required string ChallengerSha256 { get; init; }

    /// <summary>The runs that are compared, the oldest first: published ones with these two models.</summary>
    public required IReadOnlyList<long> Runs { get; init; }

    /// <summary>Rows that both have scored.</summary>
    public required long Rows { get; init; }

    /// <summary>Rows that only the challenger could score.</summary>
    public required long RejectedByModelAlone { get; init; }

    /// <summary>Rows that only the job's model could score.</summary>
    public required long RejectedByChallengerAlone { get; init; }

    /// <summary>Chunks that the challenger was left out of; their rows are not compared.</summary>
    public required long ChunksLeftOut { get; init; }

    /// <summary>How the scores differ; null where the two have none in common.</summary>
    public ScoreDifference? Score { get; init; }

    /// <summary>How the classes differ; null where the two have none in common.</summary>
    public ClassDifference? Class { get; init; }

    /// <summary>How good both were, by the same labels; null where the job has none, or the challenger does not have what is compared with them.</summary>
    public BothQualities? Quality { get; init; }
}

/// <summary>How two models' scores of the same rows differ.</summary>
/// <param name="Output">The job's column.</param>
/// <param name="RankCorrelation">Spearman's, ties with the mean of their ranks; null where either model's scores are all the same.</param>
/// <param name="Correlation">Pearson's, of the finite scores; null where either model's are all the same.</param>
/// <param name="MeanDifference">Mean of the challenger's score less the model's, where both are finite; null where none are.</param>
/// <param name="Difference">Quantiles of that difference.</param>
internal sealed record ScoreDifference(string Output, double? RankCorrelation, double? Correlation, double? MeanDifference, IReadOnlyList<DifferenceQuantile> Difference);

/// <summary>A quantile of a difference.</summary>
/// <param name="Share">Which, from 0 for the least to 1 for the greatest.</param>
/// <param name="Value">Its value, between two rows interpolated.</param>
internal sealed record DifferenceQuantile(double Share, double Value);

/// <summary>How two models' classes of the same rows differ.</summary>
/// <param name="Output">The job's column.</param>
/// <param name="Threshold">The least value that is a yes; null where the column is the class.</param>
/// <param name="Agreement">The share of rows with the same class; null where there are none.</param>
/// <param name="Changed">Rows that would change their class.</param>
/// <param name="Changes">From which class to which, the most frequent first.</param>
internal sealed record ClassDifference(string Output, double? Threshold, double? Agreement, long Changed, IReadOnlyList<ClassChange> Changes);

/// <summary>Rows that the challenger puts into another class.</summary>
/// <param name="From">The class by the job's model.</param>
/// <param name="To">The class by the challenger.</param>
/// <param name="Rows">How many.</param>
internal sealed record ClassChange(string? From, string? To, long Rows);

/// <summary>How good both models were on the same labelled rows.</summary>
/// <param name="Output">The column that is compared with labels.</param>
/// <param name="Labelled">How many rows that both have scored have a label.</param>
/// <param name="Metrics">Each metric of both.</param>
internal sealed record BothQualities(string Output, long Labelled, IReadOnlyList<MetricOfBoth> Metrics);

/// <summary>A metric of both models.</summary>
/// <param name="Name">Its name, such as <c>auc</c>.</param>
/// <param name="Model">The value for the job's model; null where it is not defined.</param>
/// <param name="Challenger">The value for the challenger; null where it is not defined.</param>
/// <param name="Reason">Why either is not defined; null where both are.</param>
internal sealed record MetricOfBoth(string Name, double? Model, double? Challenger, string? Reason)
{
    /// <summary>Whether the challenger's value is the better one; null where either is not defined.</summary>
    public bool? ChallengerIsBetter => Model is { } model && Challenger is { } challenger
        ? Metrics.MetricNames.LowerIsBetter(Name) ? challenger < model : challenger > model
        : null;
}

namespace BatchScorer.Predictions.Views;

/// <summary>A column of a job's view.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Expression">What is in it, as SQL.</param>
/// <param name="Comment">What readers are told about it.</param>
internal sealed record ViewColumn(string Name, string Expression, string Comment);

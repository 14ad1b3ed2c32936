namespace BatchScorer.Predictions;

/// <summary>A column of a predictions table.</summary>
/// <param name="Name">Its name.</param>
/// <param name="SqlType">Its type in SQL.</param>
/// <param name="NotNull">Whether it has a value in every row.</param>
/// <param name="Comment">What readers are told about it.</param>
internal sealed record TableColumn(string Name, string SqlType, bool NotNull, string Comment);

namespace BatchScorer.Training.Data;

/// <summary>Which labels a data set is made of, by their times: half-open, in UTC; null where it is open.</summary>
internal sealed record LabelRange(DateTime? From, DateTime? To)
{
    public static LabelRange All { get; } = new(null, null);
}

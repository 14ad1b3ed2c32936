namespace BatchScorer.Quality.Metrics;

/// <summary>A measure of how well predictions met what happened.</summary>
/// <param name="Name">Its name, such as <c>auc</c>: one of <see cref="MetricNames"/>.</param>
/// <param name="Value">Its value; null where it is not defined for the rows.</param>
/// <param name="Reason">Why it is not defined; null where it is.</param>
internal sealed record Metric(string Name, double? Value, string? Reason = null)
{
    /// <summary>One that the rows do not define. It is neither NaN nor 0, both of which would be taken for a value.</summary>
    public static Metric Undefined(string name, string reason) => new(name, null, reason);

    /// <summary>A share, or why there is none.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="part">How many count.</param>
    /// <param name="whole">Of how many.</param>
    /// <param name="reason">Why it is not defined where the whole is nothing.</param>
    public static Metric Share(string name, long part, long whole, string reason) =>
        whole == 0 ? Undefined(name, reason) : new Metric(name, part / (double)whole);
}

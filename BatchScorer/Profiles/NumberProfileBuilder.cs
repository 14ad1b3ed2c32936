namespace BatchScorer.Profiles;

/// <summary>The profile of a column of numbers as it grows.</summary>
/// <inheritdoc/>
internal sealed class NumberProfileBuilder(ProfileSide side, string name) : ColumnProfileBuilder(side, name)
{
    /// <inheritdoc cref="NumberProfile.Infinite"/>
    public long Infinite { get; set; }

    /// <inheritdoc cref="NumberProfile.Sum"/>
    public ExactSum Sum { get; set; }

    /// <inheritdoc cref="NumberProfile.Squares"/>
    public ExactSum Squares { get; set; }

    /// <inheritdoc cref="NumberProfile.Min"/>
    public double Min { get; private set; } = double.PositiveInfinity;

    /// <inheritdoc cref="NumberProfile.Max"/>
    public double Max { get; private set; } = double.NegativeInfinity;

    /// <inheritdoc cref="NumberProfile.Histogram"/>
    public HistogramBuilder Histogram { get; } = new();

    /// <summary>Widens the bounds so that they hold two values and all between.</summary>
    public void AddBounds(double min, double max)
    {
        // -0 is 0.
        Min = Math.Min(Min, min + 0.0);
        Max = Math.Max(Max, max + 0.0);
    }

    /// <inheritdoc/>
    public override NumberProfile Build() => new()
    {
        Side = Side, Name = Name, Rows = Rows, Missing = Missing, Infinite = Infinite, Sum = Sum, Squares = Squares, Min = Min, Max = Max, Histogram = Histogram.Build(),
    };

    /// <inheritdoc/>
    public override void Clear()
    {
        base.Clear();
        (Infinite, Sum, Squares, Min, Max) = (0, default, default, double.PositiveInfinity, double.NegativeInfinity);
        Histogram.Clear();
    }
}

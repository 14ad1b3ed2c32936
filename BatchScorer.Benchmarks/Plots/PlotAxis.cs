namespace BatchScorer.Benchmarks.Plots;

/// <summary>An axis of a plot.</summary>
/// <param name="Least">The number at its beginning.</param>
/// <param name="Greatest">The number at its end.</param>
/// <param name="Logarithmic">Whether equal ratios, and not equal differences, are equally far apart.</param>
/// <param name="Ticks">The numbers to write at it.</param>
internal sealed record PlotAxis(double Least, double Greatest, bool Logarithmic, IReadOnlyList<double> Ticks)
{
    private const int MostTicks = 6;

    private static readonly double[] Steps = [1, 2, 5, 10];

    /// <summary>An axis with a tick at each of some numbers, which are in order.</summary>
    public static PlotAxis At(IReadOnlyList<double> values, bool logarithmic) => new(values[0], values[^1], logarithmic, values);

    /// <summary>An axis with round ticks that reaches beyond all of some numbers. It begins with zero unless it is logarithmic.</summary>
    public static PlotAxis For(IEnumerable<double> values, bool logarithmic)
    {
        var all = values.ToList();
        var ticks = logarithmic ? Logarithms(all.Min(), all.Max()) : Multiples(all.Max());
        return new PlotAxis(ticks[0], ticks[^1], logarithmic, ticks);
    }

    /// <summary>Where a number is: 0 at the beginning, 1 at the end.</summary>
    public double Position(double value) => Greatest == Least ? 0.5
        : Logarithmic ? Math.Log(value / Least) / Math.Log(Greatest / Least)
        : (value - Least) / (Greatest - Least);

    private static List<double> Multiples(double greatest)
    {
        var magnitude = Math.Pow(10, Math.Floor(Math.Log10(greatest / MostTicks)));
        var step = magnitude * Steps.First(step => greatest / (magnitude * step) <= MostTicks - 1);
        return [.. Enumerable.Range(0, (int)Math.Ceiling(greatest / step) + 1).Select(count => count * step)];
    }

    // 1, 2 and 5 of each magnitude, from the last that is not above the least to the first that is not below the greatest.
    private static List<double> Logarithms(double least, double greatest)
    {
        var (from, to) = ((int)Math.Floor(Math.Log10(least)), (int)Math.Floor(Math.Log10(greatest)));
        var ticks = Enumerable.Range(from, to - from + 1).SelectMany(power => Steps.Take(3).Select(step => step * Math.Pow(10, power))).Append(Math.Pow(10, to + 1)).ToList();
        var first = ticks.FindLastIndex(tick => tick <= least);
        return ticks[first..(ticks.FindIndex(first + 1, tick => tick >= greatest) + 1)];
    }
}

namespace BatchScorer.Reports.Timelines;

/// <summary>
/// Where instants stand in a figure, in percent from its left. Stretches in which nobody worked are cut short where they would take up much of
/// it: a run that was stopped in the evening and resumed in the morning would otherwise be two lines at the edges.
/// </summary>
internal sealed class TimeAxis
{
    private const double Whole = 100;

    /// <summary>A pause is cut that is longer than this share of the time worked, and than this many seconds.</summary>
    private const double LongPause = 0.1, LongSeconds = 2;

    /// <summary>What a pause that was cut takes up, in percent, and all of them at most.</summary>
    private const double CutWidth = 2, AllCuts = 20;

    private readonly List<(DateTime Start, DateTime End, double From, double To)> parts = [];
    private readonly List<(DateTime Start, DateTime End, double From, double To)> cuts = [];

    /// <param name="bars">What is to be shown, at least one. Until when a worker worked that died is not known, only from when.</param>
    public TimeAxis(IEnumerable<Bar> bars)
    {
        var stretches = Merge(bars);
        var longPause = TimeSpan.FromSeconds(Math.Max(LongSeconds, stretches.Sum(stretch => (stretch.End - stretch.Start).TotalSeconds) * LongPause));
        var shown = new List<(DateTime Start, DateTime End)> { stretches[0] };
        foreach (var stretch in stretches.Skip(1))
        {
            if (stretch.Start - shown[^1].End <= longPause)
                shown[^1] = (shown[^1].Start, stretch.End);
            else
                shown.Add(stretch);
        }

        var cut = shown.Count > 1 ? Math.Min(CutWidth, AllCuts / (shown.Count - 1)) : 0;
        // A lone attempt that ended as it began has no length, and takes all of the axis.
        var perSecond = (Whole - cut * (shown.Count - 1)) / Math.Max(1e-6, shown.Sum(part => (part.End - part.Start).TotalSeconds));
        var place = 0.0;
        foreach (var (start, end) in shown)
        {
            if (parts.Count > 0)
            {
                cuts.Add((parts[^1].End, start, place, place + cut));
                place += cut;
            }

            var to = Math.Min(Whole, place + (end - start).TotalSeconds * perSecond);
            parts.Add((start, end, place, to));
            place = to;
        }
    }

    public DateTime Start => parts[0].Start;

    public DateTime End => parts[^1].End;

    /// <summary>The pauses that were cut, with the places that are left of them.</summary>
    public IReadOnlyList<(DateTime Start, DateTime End, double From, double To)> Cuts => cuts;

    /// <summary>Where an instant stands, from 0 to 100.</summary>
    public double Place(DateTime instant)
    {
        foreach (var (start, end, from, to) in parts)
        {
            if (instant <= start)
                return from;
            if (instant <= end)
                return from + (to - from) * ((instant - start) / (end - start));
        }

        return parts[^1].To;
    }

    private static List<(DateTime Start, DateTime End)> Merge(IEnumerable<Bar> bars)
    {
        var merged = new List<(DateTime Start, DateTime End)>();
        foreach (var bar in bars.OrderBy(bar => bar.Start))
        {
            var end = bar.Fate is AttemptFate.Died ? bar.Start : bar.End;
            if (merged.Count > 0 && bar.Start <= merged[^1].End)
                merged[^1] = (merged[^1].Start, end > merged[^1].End ? end : merged[^1].End);
            else
                merged.Add((bar.Start, end));
        }

        return merged;
    }
}

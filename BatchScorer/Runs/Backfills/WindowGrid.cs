using BatchScorer.Errors;
using BatchScorer.Sources;

namespace BatchScorer.Runs.Backfills;

/// <summary>Half-open windows side by side that fill <c>[From, To)</c>, all of one length from the first on; the last may be shorter.</summary>
internal sealed record WindowGrid
{
    /// <summary>The most windows in one grid.</summary>
    public const int Most = 1_000_000;

    private WindowGrid(CursorScale scale, long from, long to, long length)
    {
        (Scale, Length) = (scale, length);
        Starts = new long[(int)(((Int128)to - from + length - 1) / length)];
        Ends = new long[Starts.Length];
        for (var i = 0; i < Starts.Length; i++)
            (Starts[i], Ends[i]) = (from + i * length, i == Starts.Length - 1 ? to : from + (i + 1) * length);
    }

    public CursorScale Scale { get; }

    public long Length { get; }

    public long[] Starts { get; }

    public long[] Ends { get; }

    public long From => Starts[0];

    public long To => Ends[^1];

    public int Count => Starts.Length;

    /// <summary>The whole grid as a window.</summary>
    public CursorRange Whole => new(Scale.Format(From), Scale.Format(To));

    /// <summary>Cuts a range into windows.</summary>
    /// <param name="scale">What the positions mean.</param>
    /// <param name="from">The first position.</param>
    /// <param name="to">The position behind the last one.</param>
    /// <param name="length">The length of a window; null for one window of the whole.</param>
    /// <exception cref="BatchScorerException">There is nothing between the two, or far too many windows.</exception>
    public static WindowGrid Cut(CursorScale scale, long from, long to, long? length)
    {
        if (to <= from)
        {
            throw new BatchScorerException(ExitCode.Usage,
                $"--to is {scale.Format(to)}, expected a value behind --from, {scale.Format(from)}: the window is [from, to), without its end.");
        }

        var windows = length is null ? 1 : ((Int128)to - from + length.Value - 1) / length.Value;
        if (windows > Most)
            throw new BatchScorerException(ExitCode.Usage, $"--every {scale.FormatLength(length!.Value)} cuts the range into {windows} windows, expected at most {Most}: give a longer one.");
        return new WindowGrid(scale, from, to, length ?? checked(to - from));
    }

    /// <summary>One of the windows, by its number from 0.</summary>
    public CursorRange Window(int number) => new(Scale.Format(Starts[number]), Scale.Format(Ends[number]));
}

using BatchScorer.Reports.Markup;
using BatchScorer.Wording;

namespace BatchScorer.Reports.Timelines;

/// <summary>Who worked on which chunk when: a lane a partition. What became of an attempt is told by form and by a sign above it, not by colour alone.</summary>
internal static class TimelineFigure
{
    private const int MostLanes = 48;

    private const int MostTroubles = 50;

    /// <summary>The least length of a bar by itself, in percent: about three points on a phone, and nine on a desk.</summary>
    private const double LeastWidth = 1;

    private static readonly AttemptFate[] Legend = [AttemptFate.Done, AttemptFate.Failed, AttemptFate.Died, AttemptFate.Stopped, AttemptFate.Split, AttemptFate.UnderWay];

    /// <param name="attempts">Of a run, at least one.</param>
    /// <param name="until">When the run ended, or now.</param>
    public static Html Draw(IReadOnlyList<AttemptRecord> attempts, DateTime until)
    {
        var bars = Bar.Of(attempts, until).ToList();
        var axis = new TimeAxis(bars);
        var lanes = Lane.Of(bars);
        return Html.Of(
            $"""
            <figure>
            <svg width="0" height="0" style="position:absolute" aria-hidden="true"><defs>
            <pattern id="failed" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="3" height="6" fill="var(--bad)"/></pattern>
            <pattern id="died" width="5" height="5" patternUnits="userSpaceOnUse"><rect x="1" y="1" width="2" height="2" fill="var(--bad)"/></pattern>
            <pattern id="split" width="5" height="5" patternUnits="userSpaceOnUse"><rect width="2" height="5" fill="var(--soft)"/></pattern>
            <pattern id="idle" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)"><rect width="1" height="4" fill="var(--line)"/></pattern>
            </defs></svg>
            {lanes.Take(MostLanes).Select(lane => Draw(lane, axis))}
            <div class="axis"><span>{Words.Time(axis.Start)}</span><span>{Words.Time(axis.End)}, {Readable.Duration(axis.End - axis.Start)} later</span></div>
            <figcaption>{Caption(attempts, lanes.Count, axis)}</figcaption>
            <ul class="legend" aria-label="What the bars mean">{Legend.Where(fate => attempts.Any(attempt => attempt.Fate == fate)).Select(Explain)}{Repeats(attempts)}</ul>
            </figure>

            """);
    }

    /// <summary>The attempts that did not end well, in words; nothing where all did.</summary>
    public static Html Troubles(IReadOnlyList<AttemptRecord> attempts)
    {
        var troubles = attempts.Where(attempt => attempt.Fate is not (AttemptFate.Done or AttemptFate.UnderWay)).ToList();
        if (troubles.Count == 0)
            return default;
        var table = new Table($"Attempts that did not bring their chunk to its end{(troubles.Count > MostTroubles ? $": the first {MostTroubles} of {Readable.Count(troubles.Count)}" : "")}",
            "chunk>", "attempt>", "began", "took>", "process~", "outcome", "cause~");
        foreach (var attempt in troubles.Take(MostTroubles))
        {
            table.Add(
                Words.Count(attempt.ChunkNo), Words.Count(attempt.Number), Words.Time(attempt.StartedAt), Words.Text(Readable.Duration(attempt.EndedAt - attempt.StartedAt)),
                Words.Text($"{attempt.Host}, process {attempt.ProcessId}"), Words.Text(Name(attempt.Fate)), Words.Text(attempt.Error ?? "-"));
        }

        return table.ToHtml();
    }

    private static Html Draw(Lane lane, TimeAxis axis)
    {
        var bars = lane.Joined(axis, LeastWidth);
        return Html.Of(
            $"""
            <div class="lane"><span>{lane.Host}, process {lane.ProcessId}, partition {lane.Partition}</span>
            <svg height="34" role="img" aria-label="{Words.Counted(lane.Bars.Count, "attempt")} of partition {lane.Partition} of process {lane.ProcessId} on {lane.Host}">
            {axis.Cuts.Select(cut => Html.Of($"<rect class=\"idle\" x=\"{cut.From}%\" y=\"0\" width=\"{cut.To - cut.From}%\" height=\"34\"/>"))}
            {bars.Select(bar => Draw(bar, axis))}</svg></div>

            """);
    }

    private static Html Draw(Bar bar, TimeAxis axis)
    {
        var (from, to) = (axis.Place(bar.Start), axis.Place(bar.End));
        var sign = Sign(bar);
        return Html.Of(
            $"""
            <g><title>{Tell(bar)}</title><rect class="{Class(bar.Fate)}" x="{from}%" y="14" width="{Math.Max(0.3, to - from)}%" height="19"/>{(sign.Length > 0 ? Html.Of($"<text class=\"mark\" x=\"{Math.Clamp((from + to) / 2, 1, 99)}%\" y=\"11\">{sign}</text>") : default)}</g>

            """);
    }

    /// <summary>The number of an attempt that is not its chunk's first, and a sign for what became of it where it was not done.</summary>
    private static string Sign(Bar bar) => $"{(bar.Attempts[0].Number > 1 ? $"{bar.Attempts[0].Number}" : "")}{bar.Fate switch
    {
        AttemptFate.Failed => "×",
        AttemptFate.Died => "?",
        AttemptFate.Stopped => "–",
        AttemptFate.Split => "÷",
        AttemptFate.UnderWay => "…",
        _ => "",
    }}";

    private static string Tell(Bar bar)
    {
        var (first, last) = (bar.Attempts[0], bar.Attempts[^1]);
        return bar.Attempts.Count > 1
            ? $"{bar.Attempts.Count} chunks from {first.ChunkNo} to {last.ChunkNo}, done in {Readable.Duration(bar.End - bar.Start)}"
            : $"chunk {first.ChunkNo}, attempt {first.Number}: {Name(first.Fate)}, {Readable.Duration(bar.End - bar.Start)}{(first.Error is null ? "" : $": {first.Error}")}";
    }

    private static Html Explain(AttemptFate fate) => Html.Of(
        $"<li><svg height=\"20\" aria-hidden=\"true\"><rect class=\"{Class(fate)}\" x=\"1\" y=\"2\" width=\"32\" height=\"16\"/></svg>{Sign(new Bar(default, default, [Example(fate)]))} {Name(fate)}</li>");

    private static Html Repeats(IReadOnlyList<AttemptRecord> attempts) =>
        attempts.Any(attempt => attempt.Number > 1) ? Html.Of($"<li><b>2</b>, <b>3</b>, … a chunk's second attempt, third, …</li>") : default;

    private static AttemptRecord Example(AttemptFate fate) => new()
    {
        ChunkNo = 0, Number = 1, StartedAt = default, Host = "", ProcessId = 0, UnderWay = fate is AttemptFate.UnderWay,
        Outcome = fate is AttemptFate.Died or AttemptFate.UnderWay ? null : Class(fate),
    };

    private static string Caption(IReadOnlyList<AttemptRecord> attempts, int lanes, TimeAxis axis)
    {
        var processes = attempts.DistinctBy(attempt => (attempt.Host, attempt.ProcessId)).Count();
        var repeated = attempts.Count(attempt => attempt.Number > 1);
        var pause = TimeSpan.FromTicks(axis.Cuts.Sum(cut => (cut.End - cut.Start).Ticks));
        return $"{Words.Counted(attempts.Count, "attempt")} at chunks{(repeated > 0 ? $", {Readable.Count(repeated)} of them repeated," : "")} by {Words.Counted(lanes, "partition")} of {Words.Counted(processes, "process")}, from left to right as time went."
            + (lanes > MostLanes ? $" The first {MostLanes} partitions are shown." : "")
            + (axis.Cuts.Count > 0 ? $" The shaded bands stand for {Readable.Duration(pause)} in all in which nobody worked on the run." : "");
    }

    private static string Class(AttemptFate fate) => fate.ToString().ToLowerInvariant();

    private static string Name(AttemptFate fate) => fate switch
    {
        AttemptFate.Died => "its worker died",
        AttemptFate.UnderWay => "under way",
        AttemptFate.Stopped => "stopped on request",
        AttemptFate.Split => "split, since the chunk had grown",
        _ => Class(fate),
    };
}

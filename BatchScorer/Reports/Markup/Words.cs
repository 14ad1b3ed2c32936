using BatchScorer.Runs;
using BatchScorer.Wording;

namespace BatchScorer.Reports.Markup;

/// <summary>Values that stand in many places of a page.</summary>
internal static class Words
{
    public static Html Text(string? text) => Html.Of($"{text}");

    public static Html Count(long count) => Text(Readable.Count(count));

    /// <summary><c>1 chunk</c>, <c>2 chunks</c></summary>
    public static string Counted(long count, string thing) => $"{Readable.Count(count)} {thing}{(count == 1 ? "" : thing.EndsWith('s') ? "es" : "s")}";

    /// <summary>A count that need not be known yet.</summary>
    public static Html Count(long? count) => count is { } known ? Count(known) : Text("-");

    public static Html Duration(long milliseconds) => Text(Readable.Duration(milliseconds));

    public static Html Time(DateTime utc) => Html.Of($"<time datetime=\"{utc.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", System.Globalization.CultureInfo.InvariantCulture)}\">{Readable.Time(utc)}</time>");

    /// <summary>Which rows a run is for.</summary>
    public static Html Window(RunRecord run) =>
        run is { Trigger: "replay" } or { WindowFrom: null, WindowTo: null } ? Text(run.WindowInWords()) : Window(run.WindowFrom, run.WindowTo);

    /// <summary>The values of the cursor that a window is bounded by; null for an open end.</summary>
    public static Html Window(string? from, string? to) => Html.Of($"{Bound(from, "the beginning")} to {Bound(to, "the end")}");

    /// <summary>A value of a cursor, which is not broken where there is room.</summary>
    public static Html Bound(string? value, string otherwise) => Html.Of($"<span class=\"slot\">{(value is null ? otherwise : Readable.CursorValue(value))}</span>");

    /// <summary>The state of a run: a word, and for those who see it a colour.</summary>
    public static Html State(string state) => Html.Of($"<span class=\"state {(state switch
    {
        "published" or "done" => "good",
        "failed" or "abandoned" => "bad",
        "cancelled" or "withdrawn" or "succeeded" => "warn",
        _ => "plain",
    })}\">{(state is "succeeded" ? "held" : state)}</span>");

    /// <summary><c>12.3 %</c>; none of nothing.</summary>
    public static string Share(double share) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{share * 100:0.0} %");

    /// <summary>A bar as long as its share, which somebody who does not see it reads beside it.</summary>
    /// <param name="share">From 0 to 1.</param>
    /// <param name="kind">The class: empty for this run, <c>before</c> for the one before.</param>
    public static Html Bar(double share, string kind = "") => Html.Of($"<span class=\"bar {kind}\" aria-hidden=\"true\"><i style=\"width:{Math.Clamp(share, 0, 1) * 100}%\"></i></span>");
}

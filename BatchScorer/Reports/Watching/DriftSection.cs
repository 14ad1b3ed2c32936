using System.Globalization;
using BatchScorer.Reports.Distributions;
using BatchScorer.Reports.Markup;
using BatchScorer.Runs.Watching;
using BatchScorer.Wording;

namespace BatchScorer.Reports.Watching;

/// <summary>Which columns of a run have drifted, as a part of its page.</summary>
internal static class DriftSection
{
    public static Html Of(RunDetails details)
    {
        if (details.IsUnderWay)
            return Html.Of($"<p>Profiles are compared when the run is published.</p>");
        if (details.Drift is not { } drift)
            return Html.Of($"<p>There is no profile of this run: one is made when a run is published, has scored rows, and its job has not set <code>watch.profile</code> to false.</p>");
        var columns = drift.Report.Columns;
        if (columns.Count == 0)
            return Html.Of($"<p>When this run was published, there was neither a reference nor a run before to compare it with.</p>");
        var drifted = columns.Where(column => column.Drifted).ToList();
        var others = columns.Where(column => !column.Drifted).ToList();
        return Html.Of(
            $"""
            <p>{Readable.Count(drifted.Count)} of {Words.Counted(columns.Count, "column")} {(drifted.Count == 1 ? "has" : "have")} drifted.</p>
            {(drifted.Count > 0 ? Table(drifted) : default)}
            {(others.Count > 0 ? Html.Of($"<details><summary>Columns that have not drifted</summary>\n{Table(others)}</details>") : default)}
            <p>Filled: this run. Broken line, or hatched: what it is the farthest from. Both in shares of their own rows with a value. Numbers are in groups of about as many rows each of what they are compared with, from the least to the greatest: where the run is filled higher it has more of them, whatever the width of the group.</p>
            <div class="outputs">
            {columns.Where(drift.Drawn.ContainsKey).Select(column => Html.Of($"<div>{DistributionFigures.Draw(drift.Drawn[column])}{Measures(column)}</div>\n"))}</div>
            {(columns.Count > RunDrift.MostDrawn ? Html.Of($"<p class=\"soft\">Drawn are the {RunDrift.MostDrawn} that are the farthest beyond their limits, or the nearest to them.</p>") : default)}
            """);
    }

    private static Html Table(IReadOnlyList<DriftedColumn> columns)
    {
        var table = new Table("Each column by the measure that is the farthest beyond its limit, or the nearest to it", "column~", "side", "measure", "value>", "limit>", "against", "since", "what to look at~");
        foreach (var column in columns)
        {
            var most = column.Measures[0];
            table.Add(
                Words.Text(column.Column), Words.Text(column.Side), Words.Text(most.Measure), Number(most.Value), Number(most.Limit), Words.Text(RunDrift.NameOf(most.AgainstRun)),
                most.Since is { } since ? Words.Time(since) : Words.Text("-"), Words.Text(most.Detail ?? "-"));
        }

        return table.ToHtml();
    }

    private static Html Measures(DriftedColumn column)
    {
        var table = new Table($"{column.Column} by all measures", "measure", "against", "value>", "limit>", "drift");
        foreach (var measure in column.Measures)
            table.Add(Words.Text(measure.Measure), Words.Text(RunDrift.NameOf(measure.AgainstRun)), Number(measure.Value), Number(measure.Limit), measure.Drifted ? Html.Of($"<span class=\"state bad\">drifted</span>") : Words.Text("no"));
        return Html.Of(
            $"""
            <details><summary>All measures</summary>
            {table.ToHtml()}</details>

            """);
    }

    private static Html Number(double? value) => Words.Text(value?.ToString("0.####", CultureInfo.InvariantCulture) ?? "-");
}

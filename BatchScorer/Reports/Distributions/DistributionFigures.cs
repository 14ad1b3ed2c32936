using System.Globalization;
using BatchScorer.Reports.Markup;
using BatchScorer.Wording;

namespace BatchScorer.Reports.Distributions;

/// <summary>Distributions as figures: this run filled, what it stands beside as a broken line or hatched.</summary>
internal static class DistributionFigures
{
    private const double Height = 100;

    public static Html Draw(OutputDistribution output) => Html.Of(
        $"""
        <figure>
        <h3>{output.Name}</h3>
        {(output switch { NumberDistribution numbers => Draw(numbers), ValueDistribution values => Draw(values), _ => default })}
        <figcaption>{Caption(output)}</figcaption>
        </figure>

        """);

    private static Html Draw(NumberDistribution output)
    {
        var shares = output.Bins.Select(bin => output.Share(bin.Rows)).ToList();
        var top = Math.Max(1e-9, shares.Max(share => Math.Max(share.Now, share.Then)));
        var width = (double)Height / shares.Count;
        var bars = shares.Select((share, i) => Html.Of(
            $"<rect class=\"now\" x=\"{i * width}\" y=\"{Height * (1 - share.Now / top)}\" width=\"{width}\" height=\"{Height * share.Now / top}\"/>"));
        var line = shares.Select((share, i) => Html.Of($"V{Height * (1 - share.Then / top)}H{(i + 1) * width}"));
        return Html.Of(
            $"""
            <div class="axis"><span>{Words.Share(top)} of the rows</span></div>
            <svg class="histogram" viewBox="0 0 100 100" preserveAspectRatio="none" role="img" aria-label="Histogram of {output.Name}; its figures are in the table below">
            {bars}{(output.Counted.Then > 0 ? Html.Of($"<path class=\"then\" d=\"M0 {Height}{line}V{Height}\"/>") : default)}
            </svg>
            <div class="axis"><span>{Number(output.Bins[0].From)}</span><span>{Number(output.Bins[^1].To)}</span></div>
            {Summary(output)}
            <details><summary>The bins as a table</summary>
            {Bins(output)}</details>

            """);
    }

    private static Html Summary(NumberDistribution output)
    {
        var table = new Table($"{output.Name} in figures", "", "least>", "mean>", "greatest>", "rows>");
        table.Add(Words.Text("this run"), Words.Text(Number(output.Now.Least)), Words.Text(Number(output.Now.Mean)), Words.Text(Number(output.Now.Greatest)), Words.Count(output.Counted.Now));
        if (output.Then is { } then)
            table.Add(Words.Text(output.Before), Words.Text(Number(then.Least)), Words.Text(Number(then.Mean)), Words.Text(Number(then.Greatest)), Words.Count(output.Counted.Then));
        return table.ToHtml();
    }

    private static Html Bins(NumberDistribution output)
    {
        var table = new Table($"{output.Name} by bins", "from>", "to>", "this run>", $"{output.Before}>");
        foreach (var bin in output.Bins)
            table.Add(Words.Text(Number(bin.From)), Words.Text(Number(bin.To)), Rows(output, bin.Rows, isNow: true), output.Counted.Then > 0 ? Rows(output, bin.Rows, isNow: false) : Words.Text("-"));
        return table.ToHtml();
    }

    private static Html Draw(ValueDistribution output)
    {
        var table = output.Counted.Then > 0
            ? new Table($"{output.Name} by its values: above this run, below {output.Before}", "value~", "share", "this run>", $"{output.Before}>")
            : new Table($"{output.Name} by its values", "value~", "share", "this run>");
        foreach (var (value, rows) in output.Values)
            Add(Html.Of($"<bdi>{(value.Length == 0 ? "(empty)" : value)}</bdi>"), rows);
        if (output.Others != default)
            Add(Html.Of($"<i>other values</i>"), output.Others);
        return table.ToHtml();

        void Add(Html value, Pair rows)
        {
            var (now, then) = output.Share(rows);
            if (output.Counted.Then > 0)
                table.Add(value, Html.Of($"{Words.Bar(now)}{Words.Bar(then, "before")}"), Rows(output, rows, isNow: true), Rows(output, rows, isNow: false));
            else
                table.Add(value, Words.Bar(now), Rows(output, rows, isNow: true));
        }
    }

    private static Html Rows(OutputDistribution output, Pair rows, bool isNow)
    {
        var (now, then) = output.Share(rows);
        return Words.Text(isNow ? $"{Readable.Count(rows.Now)} ({Words.Share(now)})" : $"{Readable.Count(rows.Then)} ({Words.Share(then)})");
    }

    private static string Caption(OutputDistribution output) => string.Join(' ', new[]
    {
        output.Moved is { } moved ? $"For both to be spread alike, {Words.Share(moved)} of the rows would need another value." : null,
        output.Counted.Now == 0 ? "This run has no value." : null,
        output.Left.Now > 0 ? $"{Readable.Count(output.Left.Now)} rows have no value, or none that is a finite number." : null,
        output.Left.Then > 0 ? $"In {output.Before} these were {Readable.Count(output.Left.Then)}." : null,
    }.Where(sentence => sentence is not null));

    private static string Number(double value) => double.IsNaN(value) ? "-" : value.ToString("G5", CultureInfo.InvariantCulture);
}

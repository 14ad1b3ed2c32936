using BatchScorer.Reports.Distributions;
using BatchScorer.Reports.Markup;
using BatchScorer.Reports.Timelines;
using BatchScorer.Reports.Watching;

namespace BatchScorer.Reports;

/// <summary>The report of a run as a page.</summary>
internal static class RunPage
{
    /// <param name="details">What there is to tell.</param>
    /// <param name="links">Whether it stands among other pages, to which it leads.</param>
    /// <param name="refreshSeconds">After how many seconds a browser asks again; null for never.</param>
    public static Page Of(RunDetails details, bool links = false, int? refreshSeconds = null)
    {
        var run = details.Run;
        return new Page
        {
            Title = $"Run {run.RunId} of {run.Job}, {run.StateInWords()}",
            RefreshSeconds = refreshSeconds,
            Body = Html.Of(
                $"""
                {(links ? Html.Of($"<nav aria-label=\"Pages\"><a href=\"/runs\">All runs</a> · <a href=\"/runs?job={run.Job}\">Runs of {run.Job}</a></nav>") : default)}
                <main>
                <h1>Run {run.RunId} of {run.Job} {Words.State(run.State)}</h1>
                {(details.Origin.Description is { } description ? Html.Of($"<p class=\"soft\">{description}</p>") : default)}
                {(run.Error is { } error ? Html.Of($"<p class=\"fault\" role=\"note\"><strong>Why it is not well:</strong> {error}</p>") : default)}
                {(run is { State: "succeeded", HeldReason: { } held } ? Html.Of($"<p class=\"fault\" role=\"note\"><strong>Why it is not published:</strong> {held}. <code>batchscorer runs publish {run.RunId}</code> publishes it, <code>batchscorer runs abandon {run.RunId}</code> gives its rows back.</p>") : default)}
                {(details.IsUnderWay ? RunSections.Progress(run) : default)}
                {RunSections.Figures(details)}
                {AlarmSection.Of(details.Alarms)}
                <section aria-labelledby="what"><h2 id="what">What ran</h2>
                {RunSections.WhatRan(details)}</section>
                <section aria-labelledby="model"><h2 id="model">With which model</h2>
                {RunSections.Model(details)}</section>
                <section aria-labelledby="timeline"><h2 id="timeline">Chunks over partitions</h2>
                {Timeline(details)}</section>
                <section aria-labelledby="stages"><h2 id="stages">Throughput by stage</h2>
                {RunSections.Stages(details)}</section>
                <section aria-labelledby="outputs"><h2 id="outputs">What the model answered</h2>
                {Outputs(details, links)}</section>
                <section aria-labelledby="drift"><h2 id="drift">What has drifted</h2>
                {DriftSection.Of(details)}</section>
                <section aria-labelledby="quality"><h2 id="quality">How good the job's predictions were</h2>
                {QualitySection.Of(details)}</section>
                <section aria-labelledby="rejected"><h2 id="rejected">Rejected rows</h2>
                {RunSections.Rejections(details)}</section>
                <section aria-labelledby="slowest"><h2 id="slowest">Slowest chunks</h2>
                {RunSections.Slowest(details)}</section>
                </main>
                <footer>As of {Words.Time(details.Origin.ReadAt)}, from the ledger. Times are in UTC.</footer>
                """),
        };
    }

    private static Html Timeline(RunDetails details) => details.Attempts.Count == 0
        ? Html.Of($"<p>Nobody has worked on a chunk of this run.</p>")
        : Html.Of($"{TimelineFigure.Draw(details.Attempts, details.Run.FinishedAt ?? details.Origin.ReadAt)}{TimelineFigure.Troubles(details.Attempts)}");

    private static Html Outputs(RunDetails details, bool links)
    {
        if (details.IsUnderWay)
            return Html.Of($"<p>Predictions are counted when the run is over.</p>");
        if (details.Distributions is not { } distributions)
            return Html.Of($"<p>Counting the predictions took too long for a page that somebody waits for: <code>batchscorer runs report {details.Run.RunId} --html FILE</code> takes the time it needs.</p>");
        if (distributions.Outputs.Count == 0 && distributions.Lists.Count == 0)
            return Html.Of($"<p>There are no predictions of this run.</p>");
        return Html.Of(
            $"""
            <p>{(distributions.Previous is { } previous
                ? Html.Of($"Filled: this run. Broken line, or hatched: {(links ? Html.Of($"<a href=\"/runs/{previous}\">run {previous}</a>") : Html.Of($"run {previous}"))}, the job's published run before. Both in shares of their own rows.")
                : Html.Of($"The job has no published run before this one to compare with."))}</p>
            <div class="outputs">
            {distributions.Outputs.Select(DistributionFigures.Draw)}</div>
            {Names("Lists of numbers have no one distribution, and are not drawn", distributions.Lists)}
            {Names("Not drawn for want of room", distributions.Beyond)}
            """);
    }

    private static Html Names(string what, IReadOnlyList<string> names) =>
        names.Count == 0 ? default : Html.Of($"<p class=\"soft\">{what}: {string.Join(", ", names)}.</p>");
}

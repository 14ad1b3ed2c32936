using BatchScorer.Reports.Markup;
using BatchScorer.Runs;
using BatchScorer.Scheduling;
using BatchScorer.Wording;

namespace BatchScorer.Reports.Overview;

/// <summary>The jobs, when they are due, how far they have come, and their newest runs.</summary>
internal static class OverviewPage
{
    /// <param name="overview">How things stand by the ledger.</param>
    /// <param name="firings">The jobs of the node that shows the page.</param>
    /// <param name="job">The job whose runs alone are listed; null for all.</param>
    /// <param name="refreshSeconds">After how many seconds a browser asks again; null for never.</param>
    public static Page Of(Overview overview, IReadOnlyList<UpcomingFiring> firings, string? job, int? refreshSeconds) => new()
    {
        Title = job is null ? "Runs" : $"Runs of {job}",
        RefreshSeconds = refreshSeconds,
        Body = Html.Of(
            $"""
            {(job is null ? default : Html.Of($"<nav aria-label=\"Pages\"><a href=\"/runs\">All runs</a></nav>"))}
            <main>
            <h1>{(job is null ? "Runs" : $"Runs of {job}")}</h1>
            <section aria-labelledby="underway"><h2 id="underway">Under way</h2>
            {UnderWay([.. overview.UnderWay.Where(run => job is null || run.Job == job)])}</section>
            <section aria-labelledby="jobs"><h2 id="jobs">Jobs</h2>
            {Jobs(overview.Jobs, firings, job)}</section>
            <section aria-labelledby="newest"><h2 id="newest">Newest runs</h2>
            {Newest(overview.Newest)}</section>
            </main>
            <footer>As of {Words.Time(overview.ReadAt)}, from the ledger and from the job files of {Environment.MachineName}. Times are in UTC unless they say otherwise.</footer>
            """),
    };

    private static Html UnderWay(IReadOnlyList<RunRecord> runs) => runs.Count == 0
        ? Html.Of($"<p>No run is under way.</p>")
        : Html.Of($"{runs.Select(run => Html.Of($"<h3>{Link(run.RunId)} of {run.Job} {Words.State(run.State)}</h3>\n{RunSections.Progress(run)}"))}");

    private static Html Jobs(IReadOnlyList<JobStanding> standings, IReadOnlyList<UpcomingFiring> firings, string? only)
    {
        var names = standings.Select(standing => standing.Job).Union(firings.Select(firing => firing.Job)).Where(name => only is null || name == only).Order(StringComparer.Ordinal).ToList();
        if (names.Count == 0)
            return Html.Of($"<p>There are no jobs.</p>");
        return Html.Of($"<p class=\"soft\">Schedules and next firings are those of this node's job files.</p>\n{names.Select(name => Job(
            name, standings.FirstOrDefault(standing => standing.Job == name), firings.FirstOrDefault(firing => firing.Job == name)))}");
    }

    private static Html Job(string name, JobStanding? standing, UpcomingFiring? firing) => Html.Of(
        $"""
        <article>
        <h3><a href="/runs?job={name}">{name}</a></h3>
        {(firing?.Description is { } description ? Html.Of($"<p class=\"soft\">{description}</p>") : default)}
        {Facts.Of("facts",
            ("schedule", Words.Text(Schedule(firing))),
            ("next firings", firing is { Next.Count: > 0 } ? Html.Of($"{firing.Next.Select(slot => Html.Of($"<span class=\"slot\">{slot}</span><br>"))}") : null),
            ("last run", standing?.LastRun is { } last ? Html.Of($"{Link(last)} {Words.State(standing.LastState!)}") : Words.Text("none")),
            ("readers see", standing?.ShownRun is { } shown ? Html.Of($"{Link(shown)}{(standing.ShownFrom is { } since ? Html.Of($", since {Words.Time(since)}") : default)}") : Words.Text("nothing")),
            ("last covered window", standing?.CoveredTo is { } to ? Html.Of($"{Words.Window(standing.CoveredFrom, to)} ({Link(standing.CoveredRun!.Value)})") : null),
            ("next window from", standing?.NextFrom is { } next ? Words.Bound(next, "") : null))}</article>

        """);

    private static string Schedule(UpcomingFiring? firing) => firing switch
    {
        null => "no file on this node",
        { IsFaulty: true } => "its file has faults",
        _ => firing.Schedule ?? "when asked to",
    };

    private static Html Newest(IReadOnlyList<RunRecord> runs)
    {
        if (runs.Count == 0)
            return Html.Of($"<p>There are no runs.</p>");
        var table = new Table($"The newest {runs.Count}", "run", "job~", "state", "trigger", "planned", "window~", "model~", "rows>", "rejected>", "time>");
        foreach (var run in runs)
        {
            table.Add(
                Link(run.RunId), Words.Text(run.Job), Words.State(run.State), Words.Text(run.Trigger), Words.Time(run.PlannedAt), Words.Window(run),
                Words.Text($"{run.ModelName} {run.ModelVersion}"), Words.Count(run.RowsRead), Words.Count(run.RowsRejected), Words.Text(Readable.Duration(run.Duration)));
        }

        return table.ToHtml();
    }

    private static Html Link(long run) => Html.Of($"<a class=\"slot\" href=\"/runs/{run}\">run {run}</a>");
}

using BatchScorer.Reports.Markup;
using BatchScorer.Runs;
using BatchScorer.Wording;

namespace BatchScorer.Reports;

/// <summary>The parts of a run's page that are words and tables.</summary>
internal static class RunSections
{
    private const int MostSlowChunks = 10;

    /// <summary>How far a run has come.</summary>
    public static Html Progress(RunRecord run)
    {
        var chunks = $"{Readable.Count(run.ChunksDone)} of {Words.Counted(run.Chunks, "chunk")}";
        return Html.Of(
            $"""
            <p><label>{chunks}, {Readable.Count(run.RowsRead)} of {Words.Counted(run.RowsPlanned, "row")} planned
            <progress max="{Math.Max(1, run.Chunks)}" value="{run.ChunksDone}">{chunks}</progress></label></p>

            """);
    }

    public static Html Figures(RunDetails details)
    {
        var run = details.Run;
        return Facts.Of("tiles",
            ("rows read", Words.Count(run.RowsRead)),
            ("scored", Words.Count(run.RowsScored)),
            ("rejected", Words.Count(run.RowsRejected)),
            ("rows a second", run.RowsPerSecond is { } speed ? Words.Count((long)speed) : null),
            ("worked on for", run.Duration is { } duration ? Words.Text(Readable.Duration(duration)) : null),
            ("chunks done", Words.Text($"{Readable.Count(run.ChunksDone)} of {Readable.Count(run.Chunks)}")),
            ("chunks failed", run.ChunksFailed > 0 ? Words.Count(run.ChunksFailed) : null));
    }

    public static Html WhatRan(RunDetails details)
    {
        var (run, origin) = (details.Run, details.Origin);
        return Facts.Of("facts",
            ("job", Words.Text(run.Job)),
            ("trigger", Words.Text(origin.BackfillId is { } backfill ? $"{run.Trigger} {backfill}" : run.Trigger)),
            ("slot", run.Slot is { } slot ? Html.Of($"{Words.Time(slot)} ({run.FiredBy})") : null),
            ("follows", run.FollowedRuns is { Length: > 0 } followed ? Words.Text($"run {string.Join(", ", followed)}") : null),
            ("source", origin.Source is { } source ? Words.Text(source) : null),
            ("window", Words.Window(run)),
            ("held back by", run.WindowHeldBy is { } holder ? Words.Text(holder) : null),
            ("planned", Html.Of($"{Words.Time(run.PlannedAt)} in {Readable.Duration(run.PlanningMs)}, {Words.Counted(run.RowsPlanned, "row")} then")),
            ("planned by", Words.Text($"process {origin.ProcessId} on {run.Host}{(run.Node is null ? "" : $", node {run.Node}")}, version {run.ProgramVersion}")),
            ("started", run.StartedAt is { } started ? Words.Time(started) : null),
            ("finished", run.FinishedAt is { } finished ? Words.Time(finished) : null),
            ("shown to readers", origin.ShownFrom is { } from ? Html.Of($"since {Words.Time(from)}{(origin.ShownTo is { } to ? Html.Of($", until {Words.Time(to)}") : default)}") : null));
    }

    public static Html Model(RunDetails details) => Facts.Of("facts",
        ("name", Words.Text(details.Run.ModelName)),
        ("version", Words.Text(details.Run.ModelVersion)),
        ("engine", Words.Text(details.Run.Engine)),
        ("size", Words.Text(Readable.Bytes(details.Origin.ModelBytes))),
        ("SHA-256 of the file", Html.Of($"<span class=\"hash\">{details.Run.ModelSha256}</span>")));

    public static Html Stages(RunDetails details)
    {
        var done = details.Chunks.Where(chunk => chunk.State == "done").ToList();
        if (done.Count == 0)
            return Html.Of($"<p>No chunk is done yet.</p>");
        (string Name, long Ms)[] stages =
        [
            ("read", done.Sum(chunk => (long)(chunk.ReadMs ?? 0))),
            ("score", done.Sum(chunk => (long)(chunk.ScoreMs ?? 0))),
            ("write", done.Sum(chunk => (long)(chunk.WriteMs ?? 0))),
        ];
        var (all, rows) = (Math.Max(1, stages.Sum(stage => stage.Ms)), done.Sum(chunk => (long)(chunk.RowsRead ?? 0)));
        var table = new Table("Time in each stage, summed over the chunks that are done; rows a second are those of one partition while it is at that stage",
            "stage", "of the time", "share>", "time>", "rows a second>");
        foreach (var (name, ms) in stages)
        {
            var share = (double)ms / all;
            table.Add(Words.Text(name), Words.Bar(share), Words.Text(Words.Share(share)), Words.Duration(ms), ms == 0 ? Words.Text("-") : Words.Count(rows * 1000 / ms));
        }

        return table.ToHtml();
    }

    /// <summary>Why rows were rejected. What is in them is for those who may read the source.</summary>
    public static Html Rejections(RunDetails details)
    {
        if (details.Rejections.Count == 0)
            return Html.Of($"<p>No row was rejected.</p>");
        var table = new Table("The most frequent reasons first", "column~", "reason~", "rows>");
        foreach (var reason in details.Rejections)
            table.Add(Words.Text(reason.Column ?? "-"), Words.Text(reason.Reason), Words.Count(reason.Rows));
        var others = details.Run.RowsRejected - details.Rejections.Sum(reason => reason.Rows);
        if (others > 0)
            table.Add(Words.Text("-"), Html.Of($"<i>other reasons</i>"), Words.Count(others));
        return Html.Of($"{table.ToHtml()}<p class=\"soft\"><code>batchscorer rejected list {details.Run.Job}</code> shows which rows they are.</p>");
    }

    public static Html Slowest(RunDetails details)
    {
        var slowest = details.Chunks.Where(chunk => chunk.State == "done").OrderByDescending(Took).ThenBy(chunk => chunk.ChunkNo).Take(MostSlowChunks).ToList();
        if (slowest.Count == 0)
            return Html.Of($"<p>No chunk is done yet.</p>");
        var table = new Table("By the time of their last attempt in all three stages", "chunk>", "rows>", "rejected>", "attempts>", "read>", "score>", "write>", "all>", "rows a second>");
        foreach (var chunk in slowest)
        {
            var took = Took(chunk);
            table.Add(
                Words.Count(chunk.ChunkNo), Words.Count(chunk.RowsRead), Words.Count(chunk.RowsRejected), Words.Count(chunk.Attempts),
                Words.Duration(chunk.ReadMs ?? 0), Words.Duration(chunk.ScoreMs ?? 0), Words.Duration(chunk.WriteMs ?? 0), Words.Duration(took),
                took == 0 ? Words.Text("-") : Words.Count((chunk.RowsRead ?? 0) * 1000L / took));
        }

        return table.ToHtml();
    }

    private static long Took(ChunkRecord chunk) => (long)(chunk.ReadMs ?? 0) + (chunk.ScoreMs ?? 0) + (chunk.WriteMs ?? 0);
}

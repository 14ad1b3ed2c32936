using BatchScorer.Alarms;
using BatchScorer.Runs;
using BatchScorer.Wording;

namespace BatchScorer.Cli.Printing;

/// <summary>Milliseconds spent in each stage, summed over the chunks; with partitions side by side they add up to more than the duration.</summary>
internal sealed record StageTimes(long ReadMs, long ScoreMs, long WriteMs);

/// <summary>A run with what became of its chunks and why rows were rejected.</summary>
internal sealed record RunReport(RunRecord Run, StageTimes Stages, IReadOnlyList<ChunkRecord> Chunks, IReadOnlyList<RejectionReason> Rejections, IReadOnlyList<AlarmRecord> Alarms)
{
    public static async Task<RunReport> ReadAsync(RunCatalog catalog, long runId, CancellationToken cancellationToken)
    {
        var run = await catalog.ReadAsync(runId, cancellationToken);
        var chunks = await catalog.ChunksAsync(runId, cancellationToken);
        var stages = new StageTimes(
            chunks.Sum(chunk => (long)(chunk.ReadMs ?? 0)),
            chunks.Sum(chunk => (long)(chunk.ScoreMs ?? 0)),
            chunks.Sum(chunk => (long)(chunk.WriteMs ?? 0)));
        return new RunReport(run, stages, chunks, await catalog.ReasonsAsync(runId, cancellationToken), await catalog.AlarmsAsync(runId, cancellationToken));
    }

    /// <summary>The run in a line a fact.</summary>
    public void PrintSummary(TextWriter writer) => Fields.Print(writer,
    [
        ("run", $"{Run.RunId} of job {Run.Job}, {Run.StateInWords()}"),
        ("window", Run.WindowInWords()),
        ("held by", Run.WindowHeldBy),
        ("model", $"{Run.ModelName} {Run.ModelVersion}, engine {Run.Engine}"),
        ("sha-256", Run.ModelSha256),
        ("rows", $"{Readable.Count(Run.RowsRead)} read, {Readable.Count(Run.RowsScored)} scored, {Readable.Count(Run.RowsRejected)} rejected"),
        ("speed", Run.RowsPerSecond is { } speed ? $"{Readable.Count((long)speed)} rows/s" : null),
        ("duration", $"{Readable.Duration(Run.Duration)} (planning {Readable.Duration(Run.PlanningMs)} before)"),
        ("stages", $"read {Readable.Duration(Stages.ReadMs)}, score {Readable.Duration(Stages.ScoreMs)}, write {Readable.Duration(Stages.WriteMs)}, summed over the chunks"),
        ("chunks", $"{Run.ChunksDone} of {Run.Chunks} done{(Run.ChunksFailed > 0 ? $", {Run.ChunksFailed} failed" : "")}"),
        .. Alarms.Select(alarm => ("alarm", (string?)$"{alarm.Message}, since {Readable.Time(alarm.Since)}; look at {alarm.LookAt}")),
    ]);

    /// <summary>How many rows were rejected and why; none is said too.</summary>
    public void PrintRejections(Terminal terminal)
    {
        if (Rejections.Count == 0)
        {
            terminal.Results.WriteLine("No row was rejected.");
            return;
        }

        terminal.Results.WriteLine($"{Readable.Count(Run.RowsRejected)} rows were rejected:");
        var table = new TextTable("rows>", "column", "reason", "example key");
        foreach (var reason in Rejections)
            table.Add(Readable.Count(reason.Rows), reason.Column ?? "-", reason.Reason, reason.ExampleKey);
        table.Print(terminal.ResultsConsole);
    }

    /// <summary>A line a chunk.</summary>
    public void PrintChunks(Terminal terminal)
    {
        var table = new TextTable("chunk>", "state", "attempts>", "read>", "scored>", "rejected>", "read time>", "score time>", "write time>", "error");
        foreach (var chunk in Chunks)
        {
            table.Add(
                chunk.ChunkNo.ToString(System.Globalization.CultureInfo.InvariantCulture), chunk.State, Readable.Count(chunk.Attempts),
                Count(chunk.RowsRead), Count(chunk.RowsScored), Count(chunk.RowsRejected),
                Time(chunk.ReadMs), Time(chunk.ScoreMs), Time(chunk.WriteMs), chunk.Error);
        }

        table.Print(terminal.ResultsConsole);

        static string Count(int? count) => count is { } number ? Readable.Count(number) : "-";
        static string Time(int? milliseconds) => milliseconds is { } time ? Readable.Duration(time) : "-";
    }
}

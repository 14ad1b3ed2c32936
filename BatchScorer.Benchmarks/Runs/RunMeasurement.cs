using System.Diagnostics;
using System.Globalization;
using BatchScorer.Runs;

namespace BatchScorer.Benchmarks.Runs;

/// <summary>What one run took.</summary>
internal sealed record RunMeasurement
{
    public required long Rows { get; init; }

    /// <summary>From asking for the run until it is published.</summary>
    public required TimeSpan Whole { get; init; }

    public required TimeSpan Planning { get; init; }

    /// <summary>Of all workers, one after the other.</summary>
    public required TimeSpan Read { get; init; }

    /// <inheritdoc cref="Read"/>
    public required TimeSpan Score { get; init; }

    /// <inheritdoc cref="Read"/>
    public required TimeSpan Write { get; init; }

    /// <summary>Processor time of this process, all threads; the server's is not in it.</summary>
    public required TimeSpan Processor { get; init; }

    /// <summary>On the managed heap, by all threads.</summary>
    public required long AllocatedBytes { get; init; }

    public double RowsPerSecond => Rows / Whole.TotalSeconds;

    /// <summary>Measures what runs a job.</summary>
    public static async Task<RunMeasurement> OfAsync(RunCatalog catalog, Func<Task<long>> run, CancellationToken cancellationToken)
    {
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var processor = Environment.CpuUsage.TotalTime;
        var start = Stopwatch.GetTimestamp();
        var runId = await run();
        var whole = Stopwatch.GetElapsedTime(start);
        processor = Environment.CpuUsage.TotalTime - processor;
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;

        var record = await catalog.ReadAsync(runId, cancellationToken);
        var chunks = await catalog.ChunksAsync(runId, cancellationToken);
        return new RunMeasurement
        {
            Rows = record.RowsScored,
            Whole = whole,
            Planning = TimeSpan.FromMilliseconds(record.PlanningMs),
            Read = Sum(chunk => chunk.ReadMs),
            Score = Sum(chunk => chunk.ScoreMs),
            Write = Sum(chunk => chunk.WriteMs),
            Processor = processor,
            AllocatedBytes = allocated,
        };

        TimeSpan Sum(Func<ChunkRecord, int?> stage) => TimeSpan.FromMilliseconds(chunks.Sum(chunk => (double?)stage(chunk) ?? 0));
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{RowsPerSecond:N0} rows/s in {Whole.TotalSeconds:N2} s, planning {Planning.TotalSeconds:N2} s; "
        + $"a worker's rows/s: read {Rate(Read):N0}, score {Rate(Score):N0}, write {Rate(Write):N0}; a row: {Processor.TotalMicroseconds / Rows:N2} us of this process's processor time, {(double)AllocatedBytes / Rows:N0} bytes allocated");

    private double Rate(TimeSpan stage) => Rows / stage.TotalSeconds;
}

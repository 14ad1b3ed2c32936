using BatchScorer.Jobs;
using BatchScorer.Models;
using BatchScorer.Predictions;
using BatchScorer.Runs.Challengers;
using BatchScorer.Sources;

namespace BatchScorer.Runs;

/// <summary>Why a run exists.</summary>
internal enum Trigger
{
    Schedule,
    Manual,
    Backfill,
    Catchup,
    Replay,
}

/// <summary>A planned run, as its row froze it.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Trigger">Why it exists.</param>
/// <param name="Manifest">What it froze.</param>
/// <param name="Window">The cursor values it reads; open on both sides where the job has no cursor.</param>
/// <param name="PlannedOn">Day of planning in UTC, which is the predictions' partition.</param>
/// <param name="RowsPlanned">Rows there were at planning.</param>
internal sealed record Run(long Id, Trigger Trigger, Manifest Manifest, CursorRange Window, DateOnly PlannedOn, long RowsPlanned)
{
    /// <summary>The backfill whose window it scores; null for other runs.</summary>
    public long? BackfillId { get; init; }

    /// <summary>Where the next window starts, which a continuing run reads past; null where the job has no cursor.</summary>
    public string? WindowTo { get; init; }

    /// <summary>Why it is done and not published; null while it is not held.</summary>
    public string? HeldReason { get; init; }

    public string Job => Manifest.Job.Name;

    /// <summary>The command that joins the run while it is open.</summary>
    public string Command => BackfillId is { } backfill ? $"batchscorer backfills resume {backfill}" : $"batchscorer {(Trigger is Trigger.Replay ? "rejected replay" : "run")} {Job}";

    /// <summary>The cursor values that a run reads of its window.</summary>
    /// <remarks>
    /// A continuing run reads without the upper bound: a row that changes all the time is scored as it is, instead of slipping away. And
    /// it looks back for those that came late. One that catches up keeps to its window: another follows at once and takes what lies behind.
    /// </remarks>
    public static CursorRange Reading(JobDefinition job, CursorRange window, bool continues, Trigger trigger) =>
        continues ? new CursorRange(window.From, trigger is Trigger.Catchup ? window.To : null) { Lookback = job.Source.Lookback?.ToSql() } : window;
}

/// <summary>A run with everything that its partitions need.</summary>
internal sealed record PreparedRun(Run Run, SourceLayout Source, PredictionLayout Predictions, IModel Model) : IDisposable
{
    /// <summary>The model that scores beside; null where there is none.</summary>
    public Challenger? Challenger { get; init; }

    /// <summary>Why the challenger stays out; null where it does not, or there is none.</summary>
    public string? ChallengerFault { get; init; }

    /// <summary>What is read where the challenger stays out.</summary>
    public SourceLayout SourceOfModel => Challenger is null ? Source : Source.Reading([]);

    public void Dispose()
    {
        Model.Dispose();
        Challenger?.Model.Dispose();
    }
}

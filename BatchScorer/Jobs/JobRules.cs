using BatchScorer.Errors;
using BatchScorer.Jobs.Json;
using BatchScorer.Models;

namespace BatchScorer.Jobs;

/// <summary>
/// The rules between the properties of a job, which no single property can tell. Each is asked only where what it reads is sound.
/// </summary>
internal sealed class JobRules(JobDefinition job, JsonTree document, FaultList faults, Func<string, string?> cronFault)
{
    public void Check()
    {
        if (faults.Sound("source.mode", "source.cursor"))
            CheckCursor();
        if (faults.Sound("source.mode", "source.cursor", "source.lookback"))
            CheckLookback();
        if (faults.Sound("source.key", "outputs", "carry"))
            CheckColumns();
        if (faults.Sound("model"))
            CheckModel();
        if (faults.Sound("source.mode", "source.lookback", "keep"))
            CheckKeep(job.Keep);
        new AlarmRules(job, document, faults).Check();
        if (job.Schedule is { } schedule)
            CheckSchedule(schedule);
        if (job.Labels is { } labels)
            new LabelRules(job, labels, document, faults).Check();
        if (job.Retrain is { } retrain)
            new RetrainRules(job, retrain, document, faults, cronFault).Check();
    }

    private void CheckCursor()
    {
        if (job.Source is { Mode: SourceMode.Window, Cursor: null })
            faults.Add(document, "source.mode", "\"window\" needs a \"cursor\" to go by; name one, or choose \"unscored\" or \"all\"");
    }

    private void CheckLookback()
    {
        if (job.Source is { Lookback: not null, Mode: not SourceMode.Window })
            faults.Add(document, "source.lookback", "only the mode \"window\" has something to look back from; leave it out, or name a \"cursor\" for that mode");
    }

    private void CheckModel()
    {
        if (job.Model.Reference() is { IsChampion: false, Version: var version } && !ModelReference.IsVersion(version))
            faults.Add(document, "model.version", $"expected \"{ModelReference.Champion}\", or {ModelReference.ExpectedVersion}, got \"{version}\"{Suggestion.For(version, [ModelReference.Champion])}");
    }

    private void CheckKeep(JobKeep keep)
    {
        if (keep is { Newest: true, Predictions: null })
            faults.Add(document, "keep.newest", "all predictions are kept without \"keep.predictions\"; name that, or leave this out");
        if (keep is { Newest: false, Predictions: not null } && job.Source.Mode is SourceMode.Unscored)
            faults.Add(document, "keep.predictions", "with the mode \"unscored\" rows would be scored again once their predictions have gone; add \"newest\": true, or choose another mode");
        if (keep.RejectedRows > keep.Runs)
            faults.Add(document, "keep.rejectedRows", $"rejected rows go with their runs: expected at most keep.runs, \"{keep.Runs}\", got \"{keep.RejectedRows}\"");
        if (job.Source.Lookback?.Time is not { } lookback)
            return;
        foreach (var (name, time) in new[] { ("predictions", keep.Predictions), ("rejectedRows", keep.RejectedRows), ("runs", keep.Runs) })
        {
            if (time <= lookback)
                faults.Add(document, $"keep.{name}", $"source.lookback would take for new what has gone: expected more than \"{lookback}\", got \"{time}\"");
        }
    }

    private void CheckColumns()
    {
        var columns = job.Source.Key.Select((column, index) => (JsonPath.Item("source.key", index), column))
            .Concat(job.Outputs.Keys.Select(column => (JsonPath.Property("outputs", column), column)))
            .Concat(job.Carry.Select((column, index) => (JsonPath.Item("carry", index), column)));
        foreach (var (path, fault) in PredictionColumns.Misfits(columns))
            faults.Add(document, path, fault);
    }

    private void CheckSchedule(JobSchedule schedule)
    {
        if (schedule.Cron is { } cron && cronFault(cron) is { } fault)
            faults.Add(document, "schedule.cron", fault);
        if (schedule.Every is { } every && every.Ticks % TimeSpan.TicksPerSecond != 0)
            faults.Add(document, "schedule.every", $"expected whole seconds, got \"{every}\"");
        if (schedule.After is not null && document.Has("schedule.missed"))
            faults.Add(document, "schedule.missed", "only times can be missed, and with \"after\" there are none; leave it out");
        if (schedule is { Cron: null, Every: not null } or { Cron: null, After: not null } && document.Has("schedule.timeZone"))
            faults.Add(document, "schedule.timeZone", $"only a cron expression has a time zone, not \"{(schedule.Every is null ? "after" : "every")}\"; leave it out");
        else if (TimeZoneFault(schedule.TimeZone) is { } unknown)
            faults.Add(document, "schedule.timeZone", unknown);
    }

    /// <summary>What is wrong with a time zone; null where nothing is.</summary>
    public static string? TimeZoneFault(string name) => TimeZoneInfo.TryFindSystemTimeZoneById(name, out _)
        ? null
        : $"expected an IANA time zone such as \"Europe/Berlin\", got \"{name}\"{Suggestion.For(name, TimeZoneInfo.GetSystemTimeZones().Select(zone => zone.Id))}";
}

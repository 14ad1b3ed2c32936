using BatchScorer.Jobs.Json;

namespace BatchScorer.Jobs;

/// <summary>The rules between the properties of <c>retrain</c>, and between them and the rest of a job.</summary>
internal sealed class RetrainRules(JobDefinition job, JobRetrain retrain, JsonTree document, FaultList faults, Func<string, string?> cronFault)
{
    public void Check()
    {
        if (job.Labels is null && faults.Sound("labels"))
            faults.Add(document, "retrain", "what is trained on are labels, and the job has none; add \"labels\", or leave this out");
        if (faults.Sound("model"))
            CheckModel();
        if (retrain.Schedule is { } schedule)
            CheckSchedule(schedule);
        if (faults.Sound("retrain.onAlarm", "alarms"))
            CheckAlarms();
    }

    private void CheckModel()
    {
        if (job.Model.Reference() is not { } model)
            faults.Add(document, "retrain", "what is trained becomes a version of a registered model, and this job's model is a file; name a registered one, \"model\": { \"name\": \"…\" }");
        else if (retrain.Promote && !model.IsChampion)
            faults.Add(document, "retrain.promote", $"the job stays with version \"{model.Version}\" of its model, whichever is promoted; leave this out, or take the champion");
    }

    private void CheckAlarms()
    {
        foreach (var (kind, index) in (retrain.OnAlarm ?? []).Select((kind, index) => (kind, index)))
        {
            var word = AlarmWords.Of(kind);
            if (kind is not (AlarmKind.Drift or AlarmKind.Quality))
                faults.Add(document, JsonPath.Item("retrain.onAlarm", index), $"\"{word}\" is nothing that training would mend, expected \"drift\" or \"quality\"");
            else if (kind is AlarmKind.Drift ? job.Alarms.Drift is null : job.Alarms.Quality is null)
                faults.Add(document, JsonPath.Item("retrain.onAlarm", index), $"there is no such alarm without a limit; name \"alarms.{word}\", or leave this out");
        }
    }

    private void CheckSchedule(RetrainSchedule schedule)
    {
        if (faults.Sound("retrain.schedule.cron") && schedule.Cron is { } cron && cronFault(cron) is { } fault)
            faults.Add(document, "retrain.schedule.cron", fault);
        if (faults.Sound("retrain.schedule.timeZone") && JobRules.TimeZoneFault(schedule.TimeZone) is { } unknown)
            faults.Add(document, "retrain.schedule.timeZone", unknown);
    }
}

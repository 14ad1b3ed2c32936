using BatchScorer.Alarms;
using BatchScorer.Reports.Markup;

namespace BatchScorer.Reports;

/// <summary>The limits that a run has crossed; nothing where there are none.</summary>
internal static class AlarmSection
{
    public static Html Of(IReadOnlyList<AlarmRecord> alarms)
    {
        if (alarms.Count == 0)
            return default;
        var table = new Table("Limits of the job that the run has crossed", "alarm", "what~", "since", "look at~");
        foreach (var alarm in alarms)
            table.Add(Words.Text(alarm.Kind), Words.Text(alarm.Message), Words.Time(alarm.Since), Words.Text(alarm.LookAt));
        return Html.Of($"<section aria-labelledby=\"alarms\"><h2 id=\"alarms\">Alarms</h2>\n{table.ToHtml()}</section>\n");
    }
}

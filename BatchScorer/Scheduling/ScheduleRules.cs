using Quartz;

namespace BatchScorer.Scheduling;

/// <summary>What schedules are valid, as Quartz will take them.</summary>
internal static class ScheduleRules
{
    /// <summary>What is wrong with a cron expression, with the Quartz form of one that was written for crontab; null where nothing is.</summary>
    public static string? CronFault(string expression)
    {
        try
        {
            _ = CronExpression.Parse(expression);
            return null;
        }
        catch (FormatException exception)
        {
            var remedy = CronExpression.TryParse(expression, CronFormat.Unix, out var meant)
                ? $", did you mean \"{meant}\"?"
                : $": {exception.Message.TrimEnd('.')}";
            return $"expected a Quartz cron expression, seconds first, such as \"0 30 2 * * ?\", got \"{expression}\"{remedy}";
        }
    }
}

using BatchScorer.Alarms.Notices;
using Microsoft.Extensions.DependencyInjection;

namespace BatchScorer.Alarms;

/// <summary>What raises alarms and tells of them.</summary>
internal static class AlarmServices
{
    /// <param name="services">With the database.</param>
    /// <param name="variables">The environment variables, in which the secrets of webhooks are.</param>
    public static IServiceCollection AddAlarms(this IServiceCollection services, IReadOnlyDictionary<string, string> variables) => services
        .AddSingleton(new NoticeSecrets(variables))
        .AddSingleton(new NoticePatience())
        .AddSingleton<NoticeSender>()
        .AddSingleton<NoticeDelivery>()
        .AddSingleton<JobAlarmWatch>()
        .AddSingleton<AlarmCatalog>();
}

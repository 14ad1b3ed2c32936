using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace BatchScorer.Health;

/// <summary>What a host needs to tell whether it is well.</summary>
internal static class HealthServices
{
    /// <summary>Adds the database's check, and the endpoint that answers. Further checks are added to the result.</summary>
    /// <param name="services">The host's, among them its database.</param>
    /// <param name="address">Where; null for nowhere.</param>
    /// <param name="isChosen">Whether somebody has chosen the address: then the process does not start without it.</param>
    public static IHealthChecksBuilder AddHealth(this IServiceCollection services, HealthAddress? address, bool isChosen)
    {
        if (address is not null)
        {
            services.AddHostedService(provider => new HealthEndpoint(
                address, mayFail: !isChosen, provider.GetRequiredService<HealthCheckService>(), provider.GetServices<IServedPages>(),
                provider.GetRequiredService<ILogger<HealthEndpoint>>()));
        }

        return services.AddHealthChecks().AddCheck<DatabaseHealth>("database");
    }
}

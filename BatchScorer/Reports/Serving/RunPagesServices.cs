using BatchScorer.Health;
using BatchScorer.Reports.Overview;
using BatchScorer.Scheduling;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BatchScorer.Reports.Serving;

/// <summary>Has a node show its runs.</summary>
internal static class RunPagesServices
{
    /// <summary>Adds the pages to those that are served beside health.</summary>
    /// <param name="services">With the ledger's catalogue and the node's jobs.</param>
    /// <param name="readers">Who may read them.</param>
    public static IServiceCollection AddRunPages(this IServiceCollection services, PageReaders readers) => services
        .AddSingleton<OverviewReader>()
        .AddSingleton<IServedPages>(provider => new RunPages(
            provider.GetRequiredService<RunDetailsReader>(), provider.GetRequiredService<OverviewReader>(), provider.GetRequiredService<UpcomingFirings>(),
            readers, provider.GetRequiredService<ILogger<RunPages>>()));
}

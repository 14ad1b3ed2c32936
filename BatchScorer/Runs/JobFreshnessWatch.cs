using BatchScorer.Postgres;
using Microsoft.Extensions.Hosting;

namespace BatchScorer.Runs;

/// <summary>Has a host look every half minute how far behind jobs are.</summary>
internal sealed class JobFreshnessWatch(JobFreshness freshness, TimeProvider time) : BackgroundService
{
    /// <summary>Twice as often as metrics are sent by default.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery, time);
        do
        {
            try
            {
                await freshness.ObserveAsync(stoppingToken);
            }
            catch (Exception fault) when (PassingFault.Is(fault))
            {
                // Who works on runs tells of a server that is away; the next look may find it back.
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}

using System.Globalization;
using BatchScorer.Errors;

namespace BatchScorer.Tests.Faults;

/// <summary>A user who hides what was published and shows it again.</summary>
internal sealed class Withdrawals(FaultedJob job, User user)
{
    private const int Most = 3;
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(200);

    // The server may be away, and its disk full.
    private static readonly ExitCode[] WhateverComes = [ExitCode.Done, ExitCode.Failed, ExitCode.Unavailable];

    /// <summary>Does so, a few times, to runs that are published meanwhile. Some may stay hidden.</summary>
    public async Task GoOnAsync(CancellationToken stop)
    {
        for (var time = 0; time < Most && !stop.IsCancellationRequested;)
        {
            if (await RunsAsync("published") is [.., var run])
            {
                time++;
                await user.DoAsync(WhateverComes, "runs", "withdraw", run);
                await user.DoAsync(WhateverComes, "runs", "publish", run);
            }

            await Task.Delay(LookAgain, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Shows all runs that are hidden, and hides the newest once more before.</summary>
    /// <param name="check">Is told when it is hidden.</param>
    public async Task EndAsync(Func<Task> check)
    {
        if (await RunsAsync("published") is [.., var newest])
            await user.DoAsync([ExitCode.Done], "runs", "withdraw", newest);
        await check();
        foreach (var hidden in await RunsAsync("withdrawn"))
            await user.DoAsync([ExitCode.Done], "runs", "publish", hidden);
    }

    private async Task<IReadOnlyList<string>> RunsAsync(string state) =>
        [.. (await job.QueryAsync<long>("SELECT run_id FROM scoring.runs WHERE state = @state ORDER BY run_id", new { state })).Select(run => run.ToString(CultureInfo.InvariantCulture))];
}

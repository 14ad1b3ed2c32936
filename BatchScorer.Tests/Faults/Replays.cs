using System.Globalization;
using BatchScorer.Checkpoints;
using BatchScorer.Errors;

namespace BatchScorer.Tests.Faults;

/// <summary>A user who has rejected rows scored again, by a process that dies at it, and who goes on with that run only after a newer one.</summary>
internal sealed class Replays(FaultedJob job, User user)
{
    /// <summary>Does so, when there is something to score again.</summary>
    public async Task ResumeAfterNewerRunAsync()
    {
        await MendAsync(remainder: 0);
        await using (var process = job.Start("replay", null, $"{Checkpoint.BeforeCopy}:1", "rejected", "replay", "churn", "--partitions", "1"))
        {
            if (await process.ComesToHoldAsync())
                await process.SignalAsync("KILL");
            await process.EndAsync();
        }

        await MendAsync(remainder: 1);
        await user.DoAsync([ExitCode.Done], "run", "churn");
        foreach (var open in await job.QueryAsync<long>("SELECT run_id FROM scoring.runs WHERE trigger = 'replay' AND state = 'running'"))
            await user.DoAsync([ExitCode.Done], "runs", "resume", open.ToString(CultureInfo.InvariantCulture));
    }

    // Row by row: who holds no row while it waits for one stands in no writer's way.
    private async Task MendAsync(int remainder)
    {
        foreach (var customer in await job.QueryAsync<long>("SELECT customer_id FROM customers WHERE golden_id IS NULL AND customer_id % 2 = @remainder", new { remainder }))
            await job.QueryAsync<bool>("SELECT become(@customer, @golden) IS NULL", new { customer, golden = Runs.CustomersTable.FirstId + (customer % FaultServer.Rows) });
    }
}

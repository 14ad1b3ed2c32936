using BatchScorer.Errors;

namespace BatchScorer.Tests.Faults;

/// <summary>Somebody who gives commands while the program is being broken.</summary>
/// <param name="job">What they are about.</param>
/// <param name="breaches">Gets the answers that nobody should get.</param>
internal sealed class User(FaultedJob job, ICollection<string> breaches)
{
    /// <summary>Gives a command.</summary>
    /// <param name="answers">The exit codes that may come; any other is a breach.</param>
    /// <param name="command">The command line.</param>
    /// <returns>Whether one of them came.</returns>
    public async Task<bool> DoAsync(ExitCode[] answers, params string[] command)
    {
        await using var process = job.Start("user", null, null, command);
        try
        {
            var answer = (ExitCode)await process.EndAsync();
            if (answers.Contains(answer) && !process.Errors.Contains("Unexpected fault", StringComparison.Ordinal))
                return true;
            Tell($"`{string.Join(' ', command)}` failed: {process.Errors.Trim()}");
        }
        catch (TimeoutException)
        {
            Tell($"`{string.Join(' ', command)}` did not end");
        }

        return false;
    }

    private void Tell(string breach)
    {
        lock (breaches)
            breaches.Add(breach);
    }
}

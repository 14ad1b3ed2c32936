using BatchScorer.Errors;
using BatchScorer.Tests.Cli;

namespace BatchScorer.Tests.Faults;

/// <summary>
/// Somebody who gives commands while the program is being broken. Nobody breaks these, so they run in this process, which has compiled
/// them long since: starting one takes most of what a scenario takes.
/// </summary>
/// <param name="job">What they are about.</param>
/// <param name="breaches">Gets the answers that nobody should get.</param>
internal sealed class User(FaultedJob job, ICollection<string> breaches)
{
    private const string Name = "user";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>Gives a command.</summary>
    /// <param name="answers">The exit codes that may come; any other is a breach.</param>
    /// <param name="command">The command line.</param>
    /// <returns>Whether one of them came.</returns>
    public async Task<bool> DoAsync(ExitCode[] answers, params string[] command)
    {
        var environment = job.EnvironmentOf(Name);
        try
        {
            var answer = await Invocation.RunAsync(environment, command).WaitAsync(Patience);
            if (answers.Contains(answer.ExitCode) && !answer.Progress.Contains("Unexpected fault", StringComparison.Ordinal))
                return true;
            Tell($"`{string.Join(' ', command)}` failed: {answer.Progress.Trim()}");
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

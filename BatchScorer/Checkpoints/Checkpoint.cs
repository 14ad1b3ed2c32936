using BatchScorer.Errors;

namespace BatchScorer.Checkpoints;

/// <summary>
/// The named points of a run at which a test can hold the real process and break something. Nothing is held, and a point costs
/// one comparison, unless the environment variable <see cref="Variable"/> names one.
/// </summary>
/// <remarks>
/// <c>BATCHSCORER_CHECKPOINT=before-commit:3</c> holds whoever comes to the point <c>before-commit</c> as the third of the process:
/// the line <c>checkpoint before-commit PID</c> goes to standard error, and that partition waits until a line comes on standard
/// input, or its end. Without a number it is the first. The others go on, and nothing is held a second time.
/// </remarks>
internal static class Checkpoint
{
    public const string Variable = "BATCHSCORER_CHECKPOINT";

    /// <summary>The run and its chunks are written, not committed.</summary>
    public const string DuringPlanning = "during-planning";

    /// <summary>The chunk is locked; the attempt is not noted yet.</summary>
    public const string AfterClaim = "after-claim";

    /// <summary>The server sends the chunk's rows; none has been taken.</summary>
    public const string DuringRead = "during-read";

    /// <summary>A batch of rows is in memory, and not all of the chunk is scored.</summary>
    public const string DuringScore = "during-score";

    /// <summary>The predictions are encoded; the COPY has not begun.</summary>
    public const string BeforeCopy = "before-copy";

    /// <summary>About half of the predictions' bytes are sent.</summary>
    public const string DuringCopy = "during-copy";

    /// <summary>Everything of the chunk is written, its mark too.</summary>
    public const string BeforeCommit = "before-commit";

    /// <summary>The chunk is committed, and nobody in this process knows yet.</summary>
    public const string AfterCommit = "after-commit";

    /// <summary>The run is marked published, not committed.</summary>
    public const string DuringPublish = "during-publish";

    public static readonly IReadOnlyList<string> Names =
        [DuringPlanning, AfterClaim, DuringRead, DuringScore, BeforeCopy, DuringCopy, BeforeCommit, AfterCommit, DuringPublish];

    private static Hold? hold;

    /// <summary>Takes the variable's value, null when it is not set.</summary>
    /// <exception cref="BatchScorerException">It names no point.</exception>
    public static void Arm(string? value) => hold = value is null ? null : Hold.Parse(value);

    /// <summary>Says that the process has come to a point. Returns at once unless it is to be held here.</summary>
    public static ValueTask ReachAsync(string name, CancellationToken cancellationToken) =>
        hold is null ? ValueTask.CompletedTask : hold.ReachAsync(name, cancellationToken);

    private sealed class Hold(string wanted, int which)
    {
        private int reached;

        public static Hold Parse(string value)
        {
            var parts = value.Split(':');
            if (parts.Length > 2 || !Names.Contains(parts[0]))
                throw Invalid(value);
            var which = 1;
            if (parts.Length == 2 && !(int.TryParse(parts[1], out which) && which > 0))
                throw Invalid(value);
            return new Hold(parts[0], which);
        }

        public async ValueTask ReachAsync(string name, CancellationToken cancellationToken)
        {
            if (name != wanted || Interlocked.Increment(ref reached) != which)
                return;
            await Console.Error.WriteLineAsync($"checkpoint {name} {Environment.ProcessId}");
            await Task.Run(Console.In.ReadLine, CancellationToken.None).WaitAsync(cancellationToken);
        }

        private static BatchScorerException Invalid(string value) => new(ExitCode.BadConfiguration,
            $"The environment variable {Variable} holds a run for tests and is \"{value}\", expected one of {string.Join(", ", Names)}, "
            + $"perhaps with a number such as {BeforeCommit}:3{Suggestion.For(value.Split(':')[0], Names)}.");
    }
}

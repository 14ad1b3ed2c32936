namespace BatchScorer.Errors;

/// <summary>
/// A fault that a user can do something about. Its message is all that is shown, without a stack trace:
/// what is wrong, where, what was expected, and what to do next.
/// </summary>
/// <param name="exitCode">The process's answer when nothing handles the fault.</param>
/// <param name="message">The whole text for the user; may span several lines, one fault a line.</param>
/// <param name="innerException">The cause, for logs at debug level.</param>
internal class BatchScorerException(ExitCode exitCode, string message, Exception? innerException = null)
    : Exception(message, innerException)
{
    public ExitCode ExitCode { get; } = exitCode;
}

using System.Net.Sockets;
using BatchScorer.Errors;
using BatchScorer.Postgres;
using Npgsql;

namespace BatchScorer.Cli.Hosting;

/// <summary>What the user is told of a fault that ended a command, and what the process answers.</summary>
/// <param name="ExitCode">The exit code.</param>
/// <param name="Message">One line or more, without a stack trace.</param>
internal sealed record FaultReport(ExitCode ExitCode, string Message)
{
    public static FaultReport Of(Exception fault) => fault switch
    {
        BatchScorerException known => new(known.ExitCode, known.Message),
        PostgresException refused when !ConnectionLoss.Is(refused) => new(ExitCode.Failed,
            $"The database refuses: {refused.MessageText} ({refused.SqlState}).{(refused.Hint is { } hint ? $" {hint}" : "")}"),
        NpgsqlException or SocketException => new(ExitCode.Unavailable,
            $"The connection to the database is lost: {Innermost(fault).Message.TrimEnd('.')}. Try again when it is back; what was committed is kept."),
        _ => new(ExitCode.Failed, $"Unexpected fault: {fault.Message} (with the setting Logging:LogLevel:Default = Debug its trace is shown)"),
    };

    private static Exception Innermost(Exception fault) => fault.InnerException is { } inner ? Innermost(inner) : fault;
}

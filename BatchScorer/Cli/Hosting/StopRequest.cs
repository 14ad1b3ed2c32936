using System.Runtime.InteropServices;
using BatchScorer.Errors;

namespace BatchScorer.Cli.Hosting;

/// <summary>Somebody's wish that the process stop, and which exit code it is to end with.</summary>
internal sealed class StopRequest : IDisposable
{
    private readonly CancellationTokenSource source = new();
    private readonly List<PosixSignalRegistration> registrations = [];

    /// <summary>Cancelled once the wish is there.</summary>
    public CancellationToken Token => source.Token;

    /// <summary>The exit code of the first wish.</summary>
    public ExitCode ExitCode { get; private set; }

    /// <summary>Takes Ctrl-C and SIGTERM for such a wish. A second one ends the process at once.</summary>
    public static StopRequest OnSignals()
    {
        var stop = new StopRequest();
        stop.Listen(PosixSignal.SIGINT, ExitCode.Interrupted);
        stop.Listen(PosixSignal.SIGTERM, ExitCode.Terminated);
        return stop;
    }

    public void Stop(ExitCode exitCode)
    {
        ExitCode = exitCode;
        source.Cancel();
    }

    public void Dispose()
    {
        registrations.ForEach(registration => registration.Dispose());
        source.Dispose();
    }

    private void Listen(PosixSignal signal, ExitCode exitCode) => registrations.Add(PosixSignalRegistration.Create(signal, context =>
    {
        if (Token.IsCancellationRequested)
            return;
        context.Cancel = true;
        Stop(exitCode);
    }));
}

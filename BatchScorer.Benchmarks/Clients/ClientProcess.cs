using System.Diagnostics;

namespace BatchScorer.Benchmarks.Clients;

/// <summary>A process that is told what to do by lines of text, and answers each with a line. It ends when there are no more.</summary>
internal sealed class ClientProcess : IDisposable
{
    private static readonly TimeSpan TimeToEnd = TimeSpan.FromSeconds(5);

    private readonly string name;

    /// <param name="name">What it is called in an error.</param>
    /// <param name="program">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">Variables besides this process's own.</param>
    public ClientProcess(string name, string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        this.name = name;
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var (variable, value) in environment ?? new Dictionary<string, string>())
            start.Environment[variable] = value;
        Process = Process.Start(start)!;
    }

    public Process Process { get; }

    public async Task TellAsync(string line, CancellationToken cancellationToken)
    {
        await Process.StandardInput.WriteLineAsync(line.AsMemory(), cancellationToken);
        await Process.StandardInput.FlushAsync(cancellationToken);
    }

    /// <exception cref="InvalidOperationException">It has ended.</exception>
    public async Task<string> HearAsync(CancellationToken cancellationToken) =>
        await Process.StandardOutput.ReadLineAsync(cancellationToken)
        ?? throw new InvalidOperationException($"The process of \"{name}\" ended before it had an answer; it has said why.");

    public void Dispose()
    {
        Process.StandardInput.Close();
        if (!Process.WaitForExit(TimeToEnd))
            Process.Kill();
        Process.Dispose();
    }
}

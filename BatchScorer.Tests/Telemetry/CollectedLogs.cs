using Microsoft.Extensions.Logging;

namespace BatchScorer.Tests.Telemetry;

/// <summary>Keeps what is logged.</summary>
internal sealed class CollectedLogs : ILoggerProvider, ILoggerFactory, ILogger
{
    private readonly Lock gate = new();
    private readonly List<(LogLevel Level, string Name, string Text)> lines = [];

    /// <summary>The lines so far: level, name of the event and text.</summary>
    public IReadOnlyList<(LogLevel Level, string Name, string Text)> Lines
    {
        get
        {
            lock (gate)
                return [.. lines];
        }
    }

    /// <summary>The names of the events from a level on.</summary>
    public IEnumerable<string> Names(LogLevel from = LogLevel.Information) => Lines.Where(line => line.Level >= from).Select(line => line.Name);

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (gate)
            lines.Add((logLevel, eventId.Name!, formatter(state, exception)));
    }

    public void Dispose()
    {
    }
}

using Spectre.Console;

namespace BatchScorer.Cli.Printing;

/// <summary>Where a command prints: results to one writer, progress and faults to the other.</summary>
internal sealed class Terminal
{
    // Wide enough that what goes into a file or a pipe is never wrapped.
    private const int UnboundedWidth = 4000;

    private Terminal(TextWriter results, TextWriter progress, bool resultsAreSeen, bool progressIsSeen, bool colours)
    {
        Results = results;
        Progress = progress;
        ProgressIsSeen = progressIsSeen;
        ResultsConsole = CreateConsole(results, resultsAreSeen, colours);
        ProgressConsole = CreateConsole(progress, progressIsSeen, colours);
    }

    public TextWriter Results { get; }

    public TextWriter Progress { get; }

    /// <summary>Whether progress goes to a terminal, where a bar can move.</summary>
    public bool ProgressIsSeen { get; }

    public IAnsiConsole ResultsConsole { get; }

    public IAnsiConsole ProgressConsole { get; }

    /// <summary>The terminal of this process.</summary>
    /// <param name="variables">Environment variables; with <c>NO_COLOR</c> among them, and not empty, there are no colours.</param>
    public static Terminal OfProcess(IReadOnlyDictionary<string, string> variables) => new(
        Console.Out,
        Console.Error,
        resultsAreSeen: !Console.IsOutputRedirected,
        progressIsSeen: !Console.IsErrorRedirected,
        colours: !(variables.TryGetValue("NO_COLOR", out var value) && value.Length > 0));

    /// <summary>What is printed goes to two writers, plainly.</summary>
    public static Terminal To(TextWriter results, TextWriter progress) =>
        new(results, progress, resultsAreSeen: false, progressIsSeen: false, colours: false);

    private static IAnsiConsole CreateConsole(TextWriter writer, bool isSeen, bool colours)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isSeen ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isSeen && colours ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        if (!isSeen)
            console.Profile.Width = UnboundedWidth;
        return console;
    }
}

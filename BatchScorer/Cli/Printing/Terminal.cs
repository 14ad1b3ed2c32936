using Spectre.Console;

namespace BatchScorer.Cli.Printing;

/// <summary>Where a command prints: results to one writer, progress and faults to the other.</summary>
internal sealed class Terminal
{
    // Tables are never wrapped, whether they go into a pipe or to a terminal, which breaks lines itself.
    private const int UnboundedWidth = 4000;

    private Terminal(TextWriter results, TextWriter progress, bool resultsAreSeen, bool progressIsSeen, bool colours, Func<Stream> input, Func<Stream> output)
    {
        Input = input;
        Output = output;
        Results = results;
        Progress = progress;
        ProgressIsSeen = progressIsSeen;
        ResultsConsole = CreateConsole(results, resultsAreSeen, colours);
        ResultsConsole.Profile.Width = UnboundedWidth;
        ProgressConsole = CreateConsole(progress, progressIsSeen, colours);
    }

    public TextWriter Results { get; }

    public TextWriter Progress { get; }

    /// <summary>Whether progress goes to a terminal, where a bar can move.</summary>
    public bool ProgressIsSeen { get; }

    /// <summary>Opens standard input, for data in bytes.</summary>
    public Func<Stream> Input { get; }

    /// <summary>Opens standard output, for data in bytes: nothing else is to be written to it then.</summary>
    public Func<Stream> Output { get; }

    public IAnsiConsole ResultsConsole { get; }

    public IAnsiConsole ProgressConsole { get; }

    /// <summary>The terminal of this process.</summary>
    /// <param name="colours">Whether a terminal may show colours.</param>
    public static Terminal OfProcess(bool colours) => new(
        Console.Out,
        Console.Error,
        resultsAreSeen: !Console.IsOutputRedirected,
        progressIsSeen: !Console.IsErrorRedirected,
        colours,
        Console.OpenStandardInput,
        Console.OpenStandardOutput);

    /// <summary>What is printed goes to two writers, plainly.</summary>
    /// <param name="results">Results.</param>
    /// <param name="progress">Progress and faults.</param>
    /// <param name="input">What is read as standard input; nothing by default.</param>
    /// <param name="output">Where data goes that is written to standard output in bytes; nowhere by default.</param>
    public static Terminal To(TextWriter results, TextWriter progress, Stream? input = null, Stream? output = null) =>
        new(results, progress, resultsAreSeen: false, progressIsSeen: false, colours: false, () => input ?? Stream.Null, () => output ?? Stream.Null);

    private static IAnsiConsole CreateConsole(TextWriter writer, bool isSeen, bool colours) =>
        AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isSeen ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isSeen && colours ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            // Nothing is asked of the user, but only an interactive console moves a bar.
            Interactive = isSeen ? InteractionSupport.Yes : InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
}

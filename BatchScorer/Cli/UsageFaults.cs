using System.CommandLine;
using BatchScorer.Errors;

namespace BatchScorer.Cli;

/// <summary>Says what is wrong with a command line.</summary>
internal static class UsageFaults
{
    public static ExitCode Print(ParseResult parse, TextWriter writer)
    {
        var command = parse.CommandResult.Command;
        foreach (var message in parse.Errors.Select(error => error.Message).Distinct())
            writer.WriteLine(message);
        foreach (var token in parse.UnmatchedTokens)
        {
            if (Suggestion.Nearest(token, Names(command, token)) is { } meant)
                writer.WriteLine($"Instead of \"{token}\", did you mean \"{meant}\"?");
        }

        writer.WriteLine($"See `{PathOf(command)} --help`.");
        return ExitCode.Usage;
    }

    private static IEnumerable<string> Names(Command command, string token) => token.StartsWith('-')
        ? command.Options.Where(option => !option.Hidden).Select(option => option.Name)
        : command.Subcommands.Where(subcommand => !subcommand.Hidden).Select(subcommand => subcommand.Name);

    private static string PathOf(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? $"{PathOf(parent)} {command.Name}" : "batchscorer";
}

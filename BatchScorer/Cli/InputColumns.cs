using System.CommandLine;

namespace BatchScorer.Cli;

/// <summary>The option <c>--input INPUT=COLUMN</c>: the column of a file for an input of the model.</summary>
internal static class InputColumns
{
    public static Option<string[]> CreateOption()
    {
        var option = new Option<string[]>("--input") { Description = "The column for an input of the model, where that is not to be found by its name. May be given again.", HelpName = "INPUT=COLUMN" };
        option.Validators.Add(result =>
        {
            foreach (var token in result.Tokens)
            {
                if (token.Value.IndexOf('=', StringComparison.Ordinal) is <= 0)
                    result.AddError($"--input is \"{token.Value}\", expected INPUT=COLUMN, the model's name and the file's.");
            }
        });
        return option;
    }

    /// <summary>Input of the model → column of the file.</summary>
    public static IReadOnlyDictionary<string, string> Read(ParseResult parse, Option<string[]> option) =>
        (parse.GetValue(option) ?? []).Select(pair => pair.Split('=', 2)).GroupBy(pair => pair[0]).ToDictionary(pairs => pairs.Key, pairs => pairs.Last()[1]);
}

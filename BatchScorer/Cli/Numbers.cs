using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace BatchScorer.Cli;

/// <summary>Options and arguments that are whole numbers within bounds, both included, and say so.</summary>
internal static class Numbers
{
    public static Option<int?> Option(string name, string description, int least, int most) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result => Parse(result, name, least, most),
    };

    public static Option<long?> Option(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "ID",
        CustomParser = result => Parse(result, name, 1, long.MaxValue),
    };

    public static Argument<long> Argument(string name, string description) => new(name)
    {
        Description = description,
        CustomParser = result => Parse(result, name, 1, long.MaxValue),
    };

    private static T Parse<T>(ArgumentResult result, string name, T least, T most)
        where T : struct, IBinaryInteger<T>
    {
        var text = result.Tokens.Single().Value;
        if (T.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most)
            return value;
        result.AddError($"{name} is \"{text}\", expected a whole number from {least} to {most}.");
        return default;
    }
}

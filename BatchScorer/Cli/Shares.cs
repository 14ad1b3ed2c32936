using System.CommandLine;
using System.Globalization;

namespace BatchScorer.Cli;

/// <summary>Options that are shares, from 0 to 1.</summary>
internal static class Shares
{
    public static Option<double?> Option(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "SHARE",
        CustomParser = result =>
        {
            var text = result.Tokens.Single().Value;
            if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share) && share <= 1)
                return share;
            result.AddError($"{name} is \"{text}\", expected a number from 0 to 1.");
            return null;
        },
    };
}

using System.CommandLine;
using System.Globalization;
using BatchScorer.Runs.Backfills;

namespace BatchScorer.Cli;

/// <summary>Options that are instants, written as those of backfills are.</summary>
internal static class Instants
{
    public static Option<DateTimeOffset?> Option(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "T",
        CustomParser = result =>
        {
            var text = result.Tokens.Single().Value;
            if (DateTimeOffset.TryParseExact(text, CursorScale.Instants, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant))
                return instant;
            result.AddError($"{name} is \"{text}\", expected a date or an ISO 8601 instant such as 2026-03-01 or 2026-03-01T02:30:00+01:00 (UTC where no offset is given).");
            return null;
        },
    };
}

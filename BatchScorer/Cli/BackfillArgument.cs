using System.CommandLine;

namespace BatchScorer.Cli;

/// <summary>The argument that names a backfill.</summary>
internal static class BackfillArgument
{
    public static Argument<long> Create() => Numbers.Argument("ID", "The backfill's number, as `batchscorer backfills list` shows it.");
}

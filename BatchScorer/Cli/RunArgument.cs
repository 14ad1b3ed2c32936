using System.CommandLine;

namespace BatchScorer.Cli;

/// <summary>The argument that names a run.</summary>
internal static class RunArgument
{
    public static Argument<long> Create() => Numbers.Argument("ID", "The run's number, as `batchscorer runs list` shows it.");
}

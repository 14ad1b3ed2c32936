using System.CommandLine;
using BenchmarkDotNet.Running;

namespace BatchScorer.Benchmarks.Micro;

/// <summary>The command <c>micro</c>.</summary>
internal static class MicroCommand
{
    // A process of its own for each benchmark would have to be restored and built first, and have other settings of the runtime than the program.
    private const string InThisProcess = "--inProcess";

    private static readonly string[] All = ["--filter", "*"];

    public static Command Create()
    {
        var command = new Command("micro", "Times kernels, reader and writer by themselves with BenchmarkDotNet, which takes all further arguments; all benchmarks when there are none.")
        {
            TreatUnmatchedTokensAsErrors = false,
        };
        command.SetAction(parse =>
        {
            var arguments = parse.UnmatchedTokens.Count == 0 ? All : parse.UnmatchedTokens;
            var summaries = BenchmarkSwitcher.FromAssembly(typeof(MicroCommand).Assembly).Run([InThisProcess, .. arguments]);
            return summaries.All(summary => !summary.HasCriticalValidationErrors && summary.Reports.All(report => report.Success)) ? 0 : 1;
        });
        return command;
    }
}

using System.CommandLine;

namespace BatchScorer.Benchmarks.Kernels;

/// <summary>The command <c>kernel</c>.</summary>
internal static class KernelCommand
{
    public static Command Create()
    {
        var rows = PositiveOption.Create("--rows", "Rows that each engine scores in one repetition.", 200_000);
        var repetitions = PositiveOption.Create("--repetitions", "How often; the median counts.", 7);
        var command = new Command("kernel", "Scores rows that are in memory on one core, without a database, with each engine of this build and a row at a time.") { rows, repetitions };
        command.SetAction(parse => Console.Out.Write(KernelBenchmark.Measure(parse.GetValue(rows), parse.GetValue(repetitions))));
        return command;
    }
}

using System.CommandLine;

namespace BatchScorer.Benchmarks.Kernels;

/// <summary>The command <c>kernel</c>.</summary>
internal static class KernelCommand
{
    public static Command Create()
    {
        var rows = new Option<int>("--rows") { Description = "Rows that each engine scores in one repetition.", DefaultValueFactory = _ => 200_000 };
        var repetitions = new Option<int>("--repetitions") { Description = "How often; the median counts.", DefaultValueFactory = _ => 7 };
        var command = new Command("kernel", "Scores ready columns on one core, without a database, with each engine of this build.") { rows, repetitions };
        command.SetAction(parse => Console.Out.Write(KernelBenchmark.Measure(parse.GetValue(rows), parse.GetValue(repetitions))));
        return command;
    }
}

using System.CommandLine;

namespace BatchScorer.Benchmarks.Runs;

/// <summary>The command <c>profiling</c>.</summary>
internal static class ProfilingCommand
{
    public static Command Create()
    {
        var rows = PositiveOption.Create("--rows", "Rows of the table.", 1_000_000);
        var partitions = PositiveOption.Create("--partitions", "Workers that take chunks side by side.", 2);
        var rounds = PositiveOption.Create("--rounds", "How often each way; one more comes before and is not counted.", 7);
        var command = new Command("profiling", "Times whole runs with profiles of their values and without, in turns, on a private PostgreSQL.") { rows, partitions, rounds };
        command.SetAction((parse, cancellationToken) =>
            new ProfilingBenchmark(parse.GetValue(rows), parse.GetValue(partitions), parse.GetValue(rounds)).MeasureAsync(Console.Out, cancellationToken));
        return command;
    }
}

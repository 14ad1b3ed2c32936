using System.CommandLine;

namespace BatchScorer.Benchmarks.Runs;

/// <summary>The command <c>run</c>.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var rows = PositiveOption.Create("--rows", "Rows of the table.", 1_000_000);
        var partitions = PositiveOption.Create("--partitions", "Workers that take chunks side by side.", 2);
        var repetitions = PositiveOption.Create("--repetitions", "How often; each time is a job of its own over the same table.", 3);
        var command = new Command("run", "Times a whole run, from planning to publishing, on a private PostgreSQL.") { rows, partitions, repetitions };
        command.SetAction((parse, cancellationToken) =>
            new RunBenchmark(parse.GetValue(rows), parse.GetValue(partitions), parse.GetValue(repetitions)).MeasureAsync(Console.Out, cancellationToken));
        return command;
    }
}

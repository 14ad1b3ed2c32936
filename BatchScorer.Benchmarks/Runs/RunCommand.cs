using System.CommandLine;

namespace BatchScorer.Benchmarks.Runs;

/// <summary>The command <c>run</c>.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var rows = new Option<int>("--rows") { Description = "Rows of the table.", DefaultValueFactory = _ => 1_000_000 };
        var partitions = new Option<int>("--partitions") { Description = "Workers that take chunks side by side.", DefaultValueFactory = _ => 2 };
        var repetitions = new Option<int>("--repetitions") { Description = "How often; each time is a job of its own over the same table.", DefaultValueFactory = _ => 3 };
        var command = new Command("run", "Times a whole run, from planning to publishing, on a private PostgreSQL.") { rows, partitions, repetitions };
        command.SetAction((parse, cancellationToken) =>
            new RunBenchmark(parse.GetValue(rows), parse.GetValue(partitions), parse.GetValue(repetitions)).MeasureAsync(Console.Out, cancellationToken));
        return command;
    }
}

using System.CommandLine;

namespace BatchScorer.Benchmarks.Nodes;

/// <summary>The command <c>nodes</c>.</summary>
internal static class NodesCommand
{
    public static Command Create()
    {
        var rows = PositiveOption.Create("--rows", "Rows of the table.", 1_000_000);
        var repetitions = PositiveOption.Create("--repetitions", "How often, with each number of nodes.", 3);
        var command = new Command("nodes", "Times a scheduled run that 1, 2 and 4 processes of `serve` share, each with one partition, on a private PostgreSQL.") { rows, repetitions };
        command.SetAction((parse, cancellationToken) =>
            new NodesBenchmark(parse.GetValue(rows), parse.GetValue(repetitions)).MeasureAsync(Console.Out, cancellationToken));
        return command;
    }
}

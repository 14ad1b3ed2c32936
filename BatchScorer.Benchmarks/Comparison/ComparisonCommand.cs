using System.CommandLine;

namespace BatchScorer.Benchmarks.Comparison;

/// <summary>The command <c>compare</c>.</summary>
internal static class ComparisonCommand
{
    public static Command Create()
    {
        var rows = PositiveOption.Create("--rows", "Rows of the table.", 1_000_000);
        var partitions = PositiveOption.Create("--partitions", "Workers that take chunks side by side, in each way.", 2);
        var repetitions = PositiveOption.Create("--repetitions", "Rounds that count; the ways take turns, and a round before them warms up.", 5);
        var command = new Command("compare", "Times BatchScorer beside the limit that the database sets and beside what people write by hand, on a private PostgreSQL.") { rows, partitions, repetitions };
        command.SetAction((parse, cancellationToken) =>
            new ComparisonBenchmark(parse.GetValue(rows), parse.GetValue(partitions), parse.GetValue(repetitions)).MeasureAsync(Console.Out, cancellationToken));
        return command;
    }
}

using System.CommandLine;

namespace BatchScorer.Benchmarks.Curves;

/// <summary>The command <c>curves</c>.</summary>
internal static class CurvesCommand
{
    public static Command Create()
    {
        var names = new Argument<string[]>("curve") { Description = "Which curves; all when none is named.", Arity = ArgumentArity.ZeroOrMore };
        names.AcceptOnlyFromAmong([.. Curve.All(Curve.LeastRows).Select(curve => curve.Name)]);
        var rows = PositiveOption.Create("--rows", "Rows of the table where they do not vary; where they do, a hundredth to ten times as many.", 1_000_000, Curve.LeastRows);
        var repetitions = PositiveOption.Create("--repetitions", "Rounds that count at each point; floor and BatchScorer take turns, and a round before them warms up.", 3);
        var folder = new Option<DirectoryInfo>("--folder") { Description = "Where tables and plots go.", DefaultValueFactory = _ => new DirectoryInfo(Path.Combine("docs", "performance")) };
        var command = new Command("curves", "Times BatchScorer beside the limit that the database sets, by rows, partitions, processes, features and trees.") { names, rows, repetitions, folder };
        command.SetAction((parse, cancellationToken) =>
        {
            var wanted = parse.GetValue(names)!;
            var curves = Curve.All(parse.GetValue(rows)).Where(curve => wanted.Length == 0 || wanted.Contains(curve.Name)).ToList();
            return new CurvesBenchmark(curves, parse.GetValue(repetitions), parse.GetValue(folder)!).MeasureAsync(Console.Out, cancellationToken);
        });
        return command;
    }
}

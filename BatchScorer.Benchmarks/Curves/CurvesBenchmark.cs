using BatchScorer.Benchmarks.Clients;
using BatchScorer.Benchmarks.Contenders;
using BatchScorer.Benchmarks.Models;
using BatchScorer.Benchmarks.Nodes;
using BatchScorer.Benchmarks.Runs;

namespace BatchScorer.Benchmarks.Curves;

/// <summary>Measures BatchScorer beside the floor along curves, and leaves a table and a plot of each in a folder.</summary>
internal sealed class CurvesBenchmark(IReadOnlyList<Curve> curves, int rounds, DirectoryInfo folder)
{
    public async Task MeasureAsync(TextWriter report, CancellationToken cancellationToken)
    {
        folder.Create();
        foreach (var curve in curves)
        {
            await report.WriteLineAsync($"{curve.Name}: {curve.Title}");
            var table = new CurveTable(curve, await MeasureAsync(curve, report, cancellationToken));
            await report.WriteLineAsync(table.ToString());
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, $"{curve.Name}.csv"), table.ToCsv(), cancellationToken);
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, $"{curve.Name}.svg"), table.ToPlot().ToString(), cancellationToken);
        }
    }

    private async Task<IReadOnlyList<CurveRow>> MeasureAsync(Curve curve, TextWriter report, CancellationToken cancellationToken)
    {
        var measured = new List<CurveRow>();
        foreach (var table in curve.Points.GroupBy(point => (point.Rows, point.Model.Numbers)))
        {
            await using var source = await SyntheticDatabase.CreateAsync(table.First().Model, table.Key.Rows, cancellationToken);
            if (measured.Count == 0)
                await report.WriteLineAsync(source.Description);
            foreach (var point in table)
            {
                await report.WriteLineAsync($"{curve.Name}: {point.X}");
                measured.Add(await MeasureAsync(source, point, curve.ByProcesses, report, cancellationToken));
            }
        }

        return measured;
    }

    private async Task<CurveRow> MeasureAsync(SyntheticDatabase source, CurvePoint point, bool byProcesses, TextWriter report, CancellationToken cancellationToken)
    {
        const string batchScorer = "BatchScorer";
        using var models = new ModelFolder();
        var model = models.Write(point.Model);
        var place = new ArenaPlace(source.Server.ConnectionString(), source.Server.DataFolder, point.Rows, point.Workers);
        using var clients = new ClientList
        {
            new ContenderClient("floor", new ContenderOrder(Way.Floor, model), place),
            byProcesses
                ? new NodesClient(batchScorer, new SharedRun(source, point.Rows, model, point.Workers))
                : new ContenderClient(batchScorer, new ContenderOrder(Way.Job, model), place),
        };
        var measured = await Turns.TakeAsync(clients, point.Rows, rounds, report, cancellationToken);
        return new CurveRow(point.X, measured[0], measured[1]);
    }
}

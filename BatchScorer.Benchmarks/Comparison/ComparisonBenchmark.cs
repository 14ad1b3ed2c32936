using System.Globalization;
using BatchScorer.Benchmarks.Clients;
using BatchScorer.Benchmarks.Contenders;
using BatchScorer.Benchmarks.Models;
using BatchScorer.Benchmarks.Python;
using BatchScorer.Benchmarks.Runs;
using BatchScorer.Models;

namespace BatchScorer.Benchmarks.Comparison;

/// <summary>Times ways to score the same table, side by side on the same server.</summary>
internal sealed class ComparisonBenchmark(int rows, int partitions, int rounds)
{
    private const string Floor = "floor";

    private static readonly SyntheticModel Linear = SyntheticModel.Standard with { Classifier = new LinearClassifier() };
    private static readonly SyntheticModel Large = SyntheticModel.Standard with { Classifier = new TreeClassifier(Trees: 500, Leaves: 64) };

    public async Task MeasureAsync(TextWriter report, CancellationToken cancellationToken)
    {
        await using var source = await SyntheticDatabase.CreateAsync(SyntheticModel.Standard, rows, cancellationToken);
        await report.WriteLineAsync(source.Description);
        await report.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{rows:N0} rows of 20 numbers and 3 short texts, partitions: {partitions}"));
        using var models = new ModelFolder();
        using var clients = await CreateAsync(source, models, report, cancellationToken);
        var measured = await Turns.TakeAsync(clients, rows, rounds, report, cancellationToken);
        await report.WriteLineAsync(new ComparisonReport(measured, ("of floor", Floor), ("x INSERT", HandWritten(Way.Insert)), ("x Python", PythonClient.Title)).ToString());
    }

    private static string HandWritten(Way way) => $"Dapper, {RowScorer.Engine}, {way.ToString().ToUpperInvariant()}";

    private async Task<ClientList> CreateAsync(SyntheticDatabase source, ModelFolder models, TextWriter report, CancellationToken cancellationToken)
    {
        var place = new ArenaPlace(source.Server.ConnectionString(), source.Server.DataFolder, rows, partitions);
        var (standard, linear, large) = (models.Write(SyntheticModel.Standard), models.Write(Linear), models.Write(Large));
        var clients = new ClientList();
        Add(Floor, new ContenderOrder(Way.Floor, standard));
        Add("floor, heap", new ContenderOrder(Way.HeapFloor, standard));
        Add("BatchScorer, Compiled, 100 x 20", new ContenderOrder(Way.Job, standard));
        Add("BatchScorer, Compiled, linear", new ContenderOrder(Way.Job, linear));
        Add("BatchScorer, Compiled, 500 x 64", new ContenderOrder(Way.Job, large));
        if (MLNetEngine.IsBuiltIn)
            Add("BatchScorer, MLNet, 100 x 20", new ContenderOrder(Way.Job, standard, EngineChoice.MLNet));
        Add(HandWritten(Way.Insert), new ContenderOrder(Way.Insert, standard));
        Add(HandWritten(Way.Copy), new ContenderOrder(Way.Copy, standard));
        var (python, fault) = await PythonInterpreter.FindAsync(PythonClient.Packages, cancellationToken);
        if (python is null)
            await report.WriteLineAsync($"The Python script is left out: {fault}.");
        else
            clients.Add(new PythonClient(python, place, new JobContender(place.Enter(source.Database), standard, EngineChoice.Compiled)));
        return clients;

        void Add(string name, ContenderOrder order) => clients.Add(new ContenderClient(name, order, place));
    }
}

using System.Globalization;
using BatchScorer.Benchmarks.Clients;
using BatchScorer.Benchmarks.Contenders;
using BatchScorer.Benchmarks.Metering;
using Npgsql;

namespace BatchScorer.Benchmarks.Python;

/// <summary>What a data team writes: a script with pandas and xgboost, once for each partition, each for its part of the keys.</summary>
/// <param name="python">The interpreter.</param>
/// <param name="place">Where.</param>
/// <param name="job">A job of which only the tables are used.</param>
internal sealed class PythonClient(string python, ArenaPlace place, JobContender job) : IClient
{
    public const string Title = "Python, pandas and xgboost, COPY";

    /// <summary>The packages that the script imports.</summary>
    public static readonly IReadOnlyList<string> Packages = ["pandas", "psycopg2", "xgboost"];

    private readonly List<ClientProcess> scripts = [];

    public string Name => Title;

    public async Task<Cost> MeasureAsync(CancellationToken cancellationToken)
    {
        if (scripts.Count == 0)
            await StartAsync(cancellationToken);
        await job.PrepareForTodayAsync(cancellationToken);
        var meter = new Meter(ServerProcesses.Of(place.ServerFolder), [.. scripts.Select(script => script.Process)]);
        var cost = await meter.MeasureAsync(async () => (await Task.WhenAll(scripts.Select(script => ScoreAsync(script, cancellationToken)))).Sum());
        await job.CleanAsync(cancellationToken);
        return cost with { AllocatedBytes = null };
    }

    public void Dispose() => scripts.ForEach(script => script.Dispose());

    // Each has its libraries loaded and its model trained before anything is measured, one after the other.
    private async Task StartAsync(CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnectionStringBuilder(place.ConnectionString);
        var environment = new Dictionary<string, string>
        {
            ["PGHOST"] = connection.Host!,
            ["PGPORT"] = $"{connection.Port}",
            ["PGUSER"] = connection.Username!,
            ["PGPASSWORD"] = connection.Password!,
            ["PGDATABASE"] = connection.Database!,
        };
        for (var part = 0; part < place.Partitions; part++)
        {
            string[] arguments = [Path.Combine(AppContext.BaseDirectory, "Python", "score.py"), "synthetic", $"{First(part)}", $"{First(part + 1)}"];
            scripts.Add(new ClientProcess(Title, python, arguments, environment));
            await scripts[part].HearAsync(cancellationToken);
        }
    }

    private long First(int part) => 1 + (long)place.Rows * part / place.Partitions;

    private async Task<long> ScoreAsync(ClientProcess script, CancellationToken cancellationToken)
    {
        await script.TellAsync(job.Predictions.Table, cancellationToken);
        return long.Parse(await script.HearAsync(cancellationToken), CultureInfo.InvariantCulture);
    }
}

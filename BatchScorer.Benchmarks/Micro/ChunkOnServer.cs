using BatchScorer.Batches;
using BatchScorer.Benchmarks.Contenders;
using BatchScorer.Benchmarks.Models;
using BatchScorer.Benchmarks.Runs;
using BatchScorer.Jobs;
using BatchScorer.Models;
using BatchScorer.Predictions;
using BatchScorer.Sources;

namespace BatchScorer.Benchmarks.Micro;

/// <summary>A chunk of rows on a server made for it, and the table that its predictions go to.</summary>
internal sealed class ChunkOnServer : IAsyncDisposable
{
    /// <summary>Rows of the chunk: as many as in a job's chunks by default.</summary>
    public const int Rows = 50_000;

    /// <summary>Rows a batch.</summary>
    public const int BatchRows = 1024;

    private readonly ModelFolder models;

    private ChunkOnServer(SyntheticDatabase database, ModelFolder models, string model, SourceLayout source, PredictionLayout predictions)
    {
        Database = database;
        this.models = models;
        Model = ModelLoader.Load(ModelFile.Read(model), EngineChoice.Compiled);
        Source = source;
        Predictions = predictions;
    }

    public SyntheticDatabase Database { get; }

    public IModel Model { get; }

    public SourceLayout Source { get; }

    public PredictionLayout Predictions { get; }

    public static async Task<ChunkOnServer> CreateAsync()
    {
        var database = await SyntheticDatabase.CreateAsync(SyntheticModel.Standard, Rows, CancellationToken.None);
        var models = new ModelFolder();
        var model = models.Write(SyntheticModel.Standard);
        var job = new JobContender(new Arena(database.Database, Rows, partitions: 1), model, EngineChoice.Compiled);
        await job.PrepareForTodayAsync(CancellationToken.None);
        return new ChunkOnServer(database, models, model, job.Source, job.Predictions);
    }

    public Task<ChunkReader> OpenAsync() => ChunkReader.OpenAsync(
        Database.Database.Readers, Source, KeyRange.All, new CursorRange(null, null), new JobLimits().ChunkTime, CancellationToken.None);

    /// <summary>The whole chunk in batches, all of them in memory.</summary>
    public async Task<IReadOnlyList<SourceBatch>> ReadAllAsync()
    {
        var batches = new List<SourceBatch>();
        await using var reader = await OpenAsync();
        bool more;
        do
        {
            batches.Add(new SourceBatch(Source, BatchRows));
            more = await reader.ReadAsync(new DecodedRows(batches[^1], FieldDecoder.Bind(Source, batches[^1]), new List<RejectedRow>()), beside: null, CancellationToken.None);
        }
        while (more);

        return batches;
    }

    public async ValueTask DisposeAsync()
    {
        Model.Dispose();
        models.Dispose();
        await Database.DisposeAsync();
    }
}

using BatchScorer.Models;
using BatchScorer.Postgres;
using BatchScorer.Registry;
using BatchScorer.Registry.Golden;
using BatchScorer.Registry.References;
using BatchScorer.Registry.Stores;
using BatchScorer.Tests.Exchange;
using BatchScorer.Tests.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace BatchScorer.Tests.Registry;

/// <summary>The registered models of a test's database, with a store and a cache of its own.</summary>
internal sealed class TestRegistry : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly StoredModels files;

    public TestRegistry(TestDatabase database)
    {
        files = new StoredModels(new FolderStore(Store), Cache, NullLogger<StoredModels>.Instance);
        Catalog = new ModelCatalog(database.DataSource);
        Models = new ModelRegistry(Catalog, files);
        Registration = new ModelRegistration(Catalog, files);
        Promotions = new ModelPromotions(Catalog);
    }

    public string Store => folder["store"];

    public string Cache => folder["cache"];

    public ModelCatalog Catalog { get; }

    public ModelRegistry Models { get; }

    public ModelRegistration Registration { get; }

    public ModelPromotions Promotions { get; }

    /// <summary>One without a store, for jobs whose models are files.</summary>
    public static ModelRegistry WithoutModels(Database database) => new(
        new ModelCatalog(database.Writers), new StoredModels(new FolderStore("no store"), "no cache", NullLogger<StoredModels>.Instance));

    /// <summary>Registers a file.</summary>
    public async Task<bool> RegisterAsync(string reference, string file, GoldenRows? golden = null, ReferenceData? data = null)
    {
        var read = ModelFile.Read(file);
        using var model = ModelLoader.Load(read, EngineChoice.Auto);
        return (await Registration.RegisterAsync(ModelReference.Parse(reference), read, model, golden, data, notes: null, default)).IsNew;
    }

    /// <summary>Puts a version in use, unchecked.</summary>
    public async Task PromoteAsync(string reference)
    {
        var model = ModelReference.Parse(reference);
        await Promotions.PromoteAsync(model, await Promotions.LastAsync(model.Name, default), Promotion.Promote, default);
    }

    /// <summary>Goes back, unchecked.</summary>
    public async Task RollBackAsync(string name)
    {
        var (last, previous) = await Promotions.FindPreviousAsync(name, default);
        await Promotions.PromoteAsync(previous, last, Promotion.Rollback, default);
    }

    public void Dispose()
    {
        files.Dispose();
        folder.Dispose();
    }
}

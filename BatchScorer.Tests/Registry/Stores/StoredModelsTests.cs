using BatchScorer.Errors;
using BatchScorer.Models;
using BatchScorer.Registry.Stores;
using BatchScorer.Tests.Exchange;
using BatchScorer.Tests.Runs;
using Microsoft.Extensions.Logging.Abstractions;

namespace BatchScorer.Tests.Registry.Stores;

internal sealed class StoredModelsTests
{
    private static readonly ModelFile Model = ModelFile.Read(TestJob.GoldenModel("kmeans"));

    private TemporaryFolder folder = null!;
    private StoredModels models = null!;

    private string Stored => Path.Combine(folder["store"], Model.Sha256[..2], $"{Model.Sha256}.zip");

    private string Cached => Path.Combine(folder["cache"], Model.Sha256[..2], $"{Model.Sha256}.zip");

    [SetUp]
    public void Open()
    {
        folder = new TemporaryFolder();
        models = Over(new FolderStore(folder["store"]));
    }

    [TearDown]
    public void Close()
    {
        models.Dispose();
        folder.Dispose();
    }

    [Test]
    public async Task A_file_is_fetched_once_and_then_read_from_the_cache()
    {
        Assert.That(await models.AddAsync(Model, default), Is.EqualTo(Stored));
        Assert.That((await ReadAsync()).Sha256, Is.EqualTo(Model.Sha256));
        File.Delete(Stored);

        Assert.That((await ReadAsync()).Sha256, Is.EqualTo(Model.Sha256));
        Assert.That(Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories), Is.EqualTo(new[] { Cached }));
    }

    [Test]
    public async Task A_damaged_file_in_the_cache_is_fetched_again()
    {
        await models.AddAsync(Model, default);
        await ReadAsync();
        await File.WriteAllBytesAsync(Cached, Model.Bytes[..100]);

        Assert.That((await ReadAsync()).Sha256, Is.EqualTo(Model.Sha256));
        Assert.That(await File.ReadAllBytesAsync(Cached), Is.EqualTo(Model.Bytes.ToArray()));
    }

    [Test]
    public async Task A_damaged_file_in_the_store_is_told_with_its_place_and_adding_it_again_mends_it()
    {
        await models.AddAsync(Model, default);
        await File.WriteAllBytesAsync(Stored, "something else"u8.ToArray());

        var fault = (await Assert.ThrowsAsync<BatchScorerException>(() => ReadAsync()))!;
        Assert.That(fault.ExitCode, Is.EqualTo(ExitCode.BadConfiguration));
        Assert.That(fault.Message, Does.StartWith($"Model segments@1: its file in the model store is damaged: {Stored} has 14 bytes with SHA-256 ").And.Contain($"expected SHA-256 {Model.Sha256}"));
        Assert.That(File.Exists(Cached), Is.False);

        await models.AddAsync(Model, default);
        Assert.That((await ReadAsync()).Sha256, Is.EqualTo(Model.Sha256));
    }

    [Test]
    public async Task Wrong_bytes_from_the_network_are_not_taken_for_the_model()
    {
        await using var server = await StoreServer.StartAsync();
        using var remote = Over(new HttpStore(new Uri($"{server.Address}/"), token: null, new StoreLimits()));
        await remote.AddAsync(Model, default);
        server.Prepare(Trouble.Lies);

        await Assert.ThatAsync(() => remote.ReadAsync("segments@1", Model.Sha256, default), Throws.TypeOf<BatchScorerException>().With.Message.Contains("is damaged"));
        Assert.That((await remote.ReadAsync("segments@1", Model.Sha256, default)).Sha256, Is.EqualTo(Model.Sha256));
    }

    [Test]
    public async Task A_file_that_is_missing_is_told_and_a_store_that_is_missing_is_out_of_reach()
    {
        await Assert.ThatAsync(() => ReadAsync(), Throws.TypeOf<StoreFault>().With.Message.Contains($"{folder["store"]}: there is no such folder"));

        await models.AddAsync(Model, default);
        File.Delete(Stored);
        await Assert.ThatAsync(() => ReadAsync(), Throws.TypeOf<BatchScorerException>().With.Message.Contains($"there is no {Stored}"));
    }

    [Test]
    public async Task Without_a_usable_cache_everything_works()
    {
        await models.AddAsync(Model, default);
        folder.Write("cache", "a file where the folder should be");

        Assert.That((await ReadAsync()).Sha256, Is.EqualTo(Model.Sha256));
    }

    private StoredModels Over(IModelFileStore store) => new(store, folder["cache"], NullLogger<StoredModels>.Instance);

    private Task<ModelFile> ReadAsync() => models.ReadAsync("segments@1", Model.Sha256, default);
}

using System.Security.Cryptography;
using Amazon.Runtime;
using BatchScorer.Errors;
using BatchScorer.Registry.Stores;
using Microsoft.Extensions.Logging.Abstractions;

namespace BatchScorer.Tests.Registry.Stores;

/// <summary>Stores on a network that is not to be trusted, by both protocols.</summary>
[TestFixture(false)]
[TestFixture(true)]
internal sealed class NetworkStoreTests(bool isS3)
{
    private static readonly StoreLimits Limits = new() { Silence = TimeSpan.FromSeconds(1), Retries = 2, FirstDelay = TimeSpan.FromMilliseconds(10) };

    private static readonly byte[] File = RandomNumberGenerator.GetBytes(300_000);

    private static readonly string Hash = Convert.ToHexStringLower(SHA256.HashData(File));

    private StoreServer server = null!;
    private IModelFileStore store = null!;

    private string Path => $"/models/churn/{Hash[..2]}/{Hash}.zip";

    [SetUp]
    public async Task Start()
    {
        server = await StoreServer.StartAsync();
        IModelFileStore asked = isS3
            ? new S3Store("models", "churn/", new Uri(server.Address), new BasicAWSCredentials("key", "secret"), Limits)
            : new HttpStore(new Uri($"{server.Address}/models/churn/"), "a token", Limits);
        store = new PatientStore(asked, Limits, TimeProvider.System, NullLogger.Instance);
    }

    [TearDown]
    public async Task Stop()
    {
        store.Dispose();
        await server.DisposeAsync();
    }

    [Test]
    public async Task A_file_comes_back_as_it_was_put_under_its_hash_and_whoever_asks_says_who()
    {
        await store.AddAsync(Hash, File, default);

        Assert.That(server.Files.Keys, Is.EqualTo(new[] { Path }));
        Assert.That(server.Files[Path], Is.EqualTo(File));
        Assert.That(await store.FindAsync(Hash, default), Is.EqualTo(File));
        Assert.That(server.Requests.Select(request => request.Method), Is.EqualTo(new[] { "PUT", "GET" }));
        Assert.That(server.Requests.Select(request => request.Authorization), Has.All.Contains(isS3 ? "Credential=key/" : "Bearer a token"));
    }

    [Test]
    public async Task What_is_not_there_is_nothing() => Assert.That(await store.FindAsync(Hash, default), Is.Null);

    [TestCase(Trouble.Fails, Trouble.Fails)]
    [TestCase(Trouble.CutsOff, Trouble.Fails)]
    [TestCase(Trouble.Stops, Trouble.CutsOff)]
    [TestCase(Trouble.IsSilent, Trouble.Stops)]
    public async Task What_can_pass_is_tried_again(params Trouble[] troubles)
    {
        server.Files[Path] = File;
        server.Prepare(troubles);

        Assert.That(await store.FindAsync(Hash, default), Is.EqualTo(File));
        Assert.That(server.Requests, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task A_file_that_cannot_be_put_at_once_is_put_again()
    {
        server.Prepare(Trouble.Fails, Trouble.Fails);

        await store.AddAsync(Hash, File, default);

        Assert.That(server.Files[Path], Is.EqualTo(File));
    }

    [TestCase(Trouble.Fails, "it answers 500")]
    [TestCase(Trouble.IsSilent, "it did not answer within 1 s")]
    [TestCase(Trouble.Stops, "it did not answer within 1 s")]
    public async Task What_does_not_pass_is_told_with_its_place(Trouble trouble, string expected)
    {
        server.Files[Path] = File;
        server.Prepare(trouble, trouble, trouble);

        var fault = (await Assert.ThrowsAsync<StoreFault>(() => store.FindAsync(Hash, default)))!;

        Assert.That(fault.ExitCode, Is.EqualTo(ExitCode.Unavailable));
        Assert.That(fault.Message, Does.StartWith($"The model store is out of reach: {(isS3 ? $"s3:/{Path}" : server.Address + Path)}: {expected}").And.Contain("Check BatchScorer:ModelStore"));
        Assert.That(server.Requests, Has.Count.EqualTo(3));
    }

    [Test]
    public async Task A_refusal_is_not_tried_again()
    {
        server.Prepare(Trouble.Refuses);

        await Assert.ThatAsync(() => store.FindAsync(Hash, default), Throws.TypeOf<StoreFault>().With.Message.Contains("it answers 403"));
        Assert.That(server.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_server_that_is_not_there_is_out_of_reach()
    {
        await server.DisposeAsync();

        await Assert.ThatAsync(() => store.FindAsync(Hash, default), Throws.TypeOf<StoreFault>().With.Property("ExitCode").EqualTo(ExitCode.Unavailable).And.Message.Contains("refused"));
    }

    [Test]
    public async Task Whoever_is_stopped_does_not_go_on_waiting()
    {
        server.Prepare(Trouble.IsSilent);
        using var stop = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));

        await Assert.ThatAsync(() => store.FindAsync(Hash, stop.Token), Throws.InstanceOf<OperationCanceledException>());
    }
}

using BatchScorer.Errors;
using BatchScorer.Registry.Stores;
using BatchScorer.Tests.Exchange;
using Microsoft.Extensions.Logging.Abstractions;

namespace BatchScorer.Tests.Registry.Stores;

internal sealed class StoreSettingsTests
{
    private const string Hash = "abcdef0123456789abcdef0123456789abcdef0123456789abcdef0123456789";

    [TestCase("models", "/srv/models/ab/{0}.zip")]
    [TestCase("/mnt/models", "/mnt/models/ab/{0}.zip")]
    [TestCase("https://models.example.org/files", "https://models.example.org/files/ab/{0}.zip")]
    [TestCase("https://models.example.org/files/", "https://models.example.org/files/ab/{0}.zip")]
    [TestCase("s3://bucket", "s3://bucket/ab/{0}.zip")]
    [TestCase("s3://bucket/some/prefix/", "s3://bucket/some/prefix/ab/{0}.zip")]
    [Platform(Exclude = "Win")]
    public void A_setting_says_where_files_are(string store, string expected)
    {
        using var opened = Open(new StoreSettings(store, Endpoint: "https://minio.example.org:9000"));

        Assert.That(opened.PlaceOf(Hash), Is.EqualTo(string.Format(null, expected, Hash)));
    }

    [TestCase("ftp://models.example.org", "there are no stores by ftp. Expected a folder, an address such as")]
    [TestCase("https://", "it is no address of that kind")]
    [TestCase("https://models.example.org/?v=1", "it is no address of that kind")]
    [TestCase("https://ann:secret@models.example.org", "a name or password does not belong there")]
    public void A_setting_that_means_nothing_is_refused_without_its_secrets(string store, string expected)
    {
        var fault = Assert.Throws<BatchScorerException>(() => Open(new StoreSettings(store)))!;

        Assert.That(fault.Message, Does.StartWith($"BatchScorer:ModelStore: {expected}").And.Not.Contain("secret"));
        Assert.That(fault.ExitCode, Is.EqualTo(ExitCode.BadConfiguration));
    }

    [Test]
    public void An_endpoint_and_a_token_file_that_will_not_do_are_refused()
    {
        using var folder = new TemporaryFolder();
        var empty = folder.Write("token");

        Refuses(new StoreSettings("s3://bucket", Endpoint: "minio:9000"), "BatchScorer:ModelStoreEndpoint: expected the address of an S3 service such as https://minio.example.org:9000, got \"minio:9000\"");
        Refuses(new StoreSettings("https://models.example.org", TokenFile: empty), $"BatchScorer:ModelStoreTokenFile: {empty} is empty");
        Refuses(new StoreSettings("https://models.example.org", TokenFile: folder["none"]), "cannot be read");
    }

    private static void Refuses(StoreSettings settings, string expected) =>
        Assert.That(() => Open(settings), Throws.TypeOf<BatchScorerException>().With.Message.Contains(expected));

    private static IModelFileStore Open(StoreSettings settings) => settings.Open("/srv", new StoreLimits(), TimeProvider.System, NullLogger.Instance);
}

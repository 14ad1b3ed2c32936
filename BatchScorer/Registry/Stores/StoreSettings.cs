using BatchScorer.Errors;
using Microsoft.Extensions.Logging;

namespace BatchScorer.Registry.Stores;

/// <summary>Where the files of models live, as the settings say.</summary>
/// <param name="Store">A folder, <c>https://…</c> or <c>s3://bucket/prefix</c>.</param>
/// <param name="Endpoint">The address of an S3 service other than Amazon's.</param>
/// <param name="TokenFile">A file with the bearer token for an HTTP store.</param>
internal sealed record StoreSettings(string Store, string? Endpoint = null, string? TokenFile = null)
{
    private const string Setting = "BatchScorer:ModelStore";

    /// <summary>Makes the store; nothing is asked of it yet.</summary>
    /// <param name="folder">Where relative paths start.</param>
    /// <param name="limits">How long to wait for a store on the network.</param>
    /// <param name="time">The time.</param>
    /// <param name="logger">Told when a store is asked again.</param>
    /// <exception cref="BatchScorerException">A setting will not do.</exception>
    public IModelFileStore Open(string folder, StoreLimits limits, TimeProvider time, ILogger logger)
    {
        if (!Store.Contains("://", StringComparison.Ordinal))
            return new FolderStore(Path.GetFullPath(Store, folder));
        if (!Uri.TryCreate(Store, UriKind.Absolute, out var address) || address.Query.Length > 0 || address.Fragment.Length > 0)
            throw Invalid("it is no address of that kind");
        if (address.UserInfo.Length > 0)
            throw Invalid("a name or password does not belong there; put a bearer token into a file, which BatchScorer:ModelStoreTokenFile names");
        return new PatientStore(OpenOnNetwork(address, folder, limits), limits, time, logger);
    }

    private IModelFileStore OpenOnNetwork(Uri address, string folder, StoreLimits limits) => address.Scheme switch
    {
        "http" or "https" => new HttpStore(new Uri($"{Store.TrimEnd('/')}/"), TokenFile is null ? null : ReadToken(Path.GetFullPath(TokenFile, folder)), limits),
        "s3" => new S3Store(address.Host, address.AbsolutePath.Trim('/') is { Length: > 0 } prefix ? $"{prefix}/" : "", ParseEndpoint(), credentials: null, limits),
        _ => throw Invalid($"there are no stores by {address.Scheme}"),
    };

    private Uri? ParseEndpoint() => Endpoint switch
    {
        null or "" => null,
        _ when Uri.TryCreate(Endpoint, UriKind.Absolute, out var endpoint) && endpoint.Scheme is "http" or "https" => new Uri(Endpoint),
        _ => throw new BatchScorerException(ExitCode.BadConfiguration,
            $"{Setting}Endpoint: expected the address of an S3 service such as https://minio.example.org:9000, got \"{Endpoint}\"."),
    };

    private static string ReadToken(string file)
    {
        try
        {
            return File.ReadAllText(file).Trim() is { Length: > 0 } token
                ? token
                : throw new BatchScorerException(ExitCode.BadConfiguration, $"{Setting}TokenFile: {file} is empty; expected a bearer token.");
        }
        catch (Exception cause) when (cause is IOException or UnauthorizedAccessException)
        {
            throw new BatchScorerException(ExitCode.BadConfiguration, $"{Setting}TokenFile: {file} cannot be read: {cause.Message}", cause);
        }
    }

    // The text may have a password in it.
    private static BatchScorerException Invalid(string why) => new(ExitCode.BadConfiguration,
        $"{Setting}: {why}. Expected a folder, an address such as https://models.example.org/files, or s3://bucket/prefix.");
}

using System.Net;
using System.Net.Http.Headers;
using System.Net.Mime;

namespace BatchScorer.Registry.Stores;

/// <summary>A store behind HTTP: <c>GET</c> fetches a file, <c>PUT</c> makes or replaces it, as WebDAV servers and artifact repositories do.</summary>
internal sealed class HttpStore : IModelFileStore
{
    private static readonly TimeSpan ConnectTime = TimeSpan.FromSeconds(10);

    private readonly Uri root;
    private readonly StoreLimits limits;
    private readonly HttpClient client;

    /// <param name="root">The address under which the files are; ends in <c>/</c>.</param>
    /// <param name="token">What is sent as a bearer token; null for none.</param>
    /// <param name="limits">How long to wait.</param>
    public HttpStore(Uri root, string? token, StoreLimits limits)
    {
        this.root = root;
        this.limits = limits;
        // Names may come to mean other machines while `serve` runs.
        var connections = new SocketsHttpHandler { ConnectTimeout = ConnectTime, PooledConnectionLifetime = TimeSpan.FromMinutes(5) };
        client = new HttpClient(connections) { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.ParseAdd("batchscorer");
        if (token is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public string PlaceOf(string sha256) => AddressOf(sha256).ToString();

    public Task<byte[]?> FindAsync(string sha256, CancellationToken cancellationToken) => TellingAsync(sha256, async place =>
    {
        using var answer = await TimeLimit.WithinAsync(
            limits.Silence, place, token => client.GetAsync(AddressOf(sha256), HttpCompletionOption.ResponseHeadersRead, token), cancellationToken);
        if (answer.StatusCode is HttpStatusCode.NotFound)
            return null;
        RequireSuccess(answer, place);
        await using var body = await answer.Content.ReadAsStreamAsync(cancellationToken);
        return (byte[]?)await StoreBody.ReadAsync(place, body, answer.Content.Headers.ContentLength, limits.Silence, cancellationToken);
    });

    public Task AddAsync(string sha256, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => TellingAsync(sha256, async place =>
    {
        using var content = new ReadOnlyMemoryContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue(MediaTypeNames.Application.Zip);
        using var answer = await TimeLimit.WithinAsync(
            limits.UploadTime(bytes.Length), place, token => client.PutAsync(AddressOf(sha256), content, token), cancellationToken);
        RequireSuccess(answer, place);
        return true;
    });

    public void Dispose() => client.Dispose();

    private Uri AddressOf(string sha256) => new(root, StoreKey.Of(sha256));

    private async Task<T> TellingAsync<T>(string sha256, Func<string, Task<T>> work)
    {
        var place = PlaceOf(sha256);
        try
        {
            return await work(place);
        }
        catch (Exception cause) when (cause is HttpRequestException or IOException)
        {
            throw new StoreFault(place, cause.GetBaseException().Message, canPass: true, cause);
        }
    }

    private static void RequireSuccess(HttpResponseMessage answer, string place)
    {
        if (!answer.IsSuccessStatusCode)
            throw new StoreFault(place, $"it answers {(int)answer.StatusCode} {answer.ReasonPhrase}".TrimEnd(), StatusCodes.CanPass(answer.StatusCode));
    }
}

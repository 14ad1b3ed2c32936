using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace BatchScorer.Tests.Registry.Stores;

/// <summary>What becomes of a request in place of its answer.</summary>
internal enum Trouble
{
    /// <summary>It is refused with the status 500.</summary>
    Fails,

    /// <summary>It is refused with the status 403.</summary>
    Refuses,

    /// <summary>Nothing is ever answered.</summary>
    IsSilent,

    /// <summary>Half of the body comes, and then the connection is closed.</summary>
    CutsOff,

    /// <summary>Half of the body comes, and then nothing more.</summary>
    Stops,

    /// <summary>A body comes that is another one.</summary>
    Lies,
}

/// <summary>Keeps what is PUT and answers it to GET, by the whole path; its 404 is that of S3.</summary>
internal sealed class StoreServer : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, byte[]> files = [];
    private readonly ConcurrentQueue<Trouble> troubles = [];
    private readonly ConcurrentQueue<HttpRequestRecord> requests = [];
    private readonly WebApplication server;

    private StoreServer()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        server = builder.Build();
        server.Run(AnswerAsync);
    }

    /// <summary>Its address, without a slash at the end.</summary>
    public string Address => server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    /// <summary>What it keeps, by path.</summary>
    public IDictionary<string, byte[]> Files => files;

    /// <summary>What was asked, in order.</summary>
    public IReadOnlyCollection<HttpRequestRecord> Requests => requests;

    public static async Task<StoreServer> StartAsync()
    {
        var store = new StoreServer();
        await store.server.StartAsync();
        return store;
    }

    /// <summary>Has the next requests come into trouble, one each.</summary>
    public void Prepare(params IEnumerable<Trouble> next)
    {
        foreach (var trouble in next)
            troubles.Enqueue(trouble);
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var (request, answer) = (context.Request, context.Response);
        using var sent = new MemoryStream();
        await request.Body.CopyToAsync(sent);
        requests.Enqueue(new HttpRequestRecord(request.Method, request.Path, request.Headers.Authorization.ToString()));
        var trouble = troubles.TryDequeue(out var next) ? next : (Trouble?)null;
        if (trouble is Trouble.Fails or Trouble.Refuses)
            answer.StatusCode = trouble is Trouble.Fails ? 500 : 403;
        else if (trouble is Trouble.IsSilent)
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        else if (request.Method == "PUT")
            files[request.Path] = sent.ToArray();
        else if (files.TryGetValue(request.Path, out var file))
            await SendAsync(context, file, trouble);
        else
            await NotFoundAsync(answer);
    }

    private static async Task SendAsync(HttpContext context, byte[] file, Trouble? trouble)
    {
        var answer = context.Response;
        answer.ContentLength = file.Length;
        if (trouble is Trouble.Lies)
        {
            await answer.Body.WriteAsync(file.Reverse().ToArray());
            return;
        }

        await answer.Body.WriteAsync(file.AsMemory(0, trouble is null ? file.Length : file.Length / 2));
        await answer.Body.FlushAsync();
        if (trouble is Trouble.Stops)
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (trouble is not null)
            context.Abort();
    }

    private static async Task NotFoundAsync(HttpResponse answer)
    {
        answer.StatusCode = 404;
        answer.ContentType = "application/xml";
        await answer.WriteAsync("<?xml version=\"1.0\"?><Error><Code>NoSuchKey</Code><Message>There is no such key.</Message></Error>");
    }
}

/// <summary>A request that a server was sent.</summary>
internal sealed record HttpRequestRecord(string Method, string Path, string Authorization);

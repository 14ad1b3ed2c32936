using BatchScorer.Alarms.Notices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace BatchScorer.Tests.Alarms;

/// <summary>A notice as its receiver got it.</summary>
internal sealed record ReceivedNotice(Guid Id, long Timestamp, string Signature, string Body)
{
    /// <summary>Whether the signature is that of a secret.</summary>
    public bool IsSignedBy(string secret) => Signature == NoticeSignature.Of(secret, Id, Timestamp, Body);
}

/// <summary>Takes what webhooks post, and answers as it is told.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    /// <summary>Instead of an answer: none ever comes.</summary>
    public const int Never = 0;

    private readonly Lock gate = new();
    private readonly List<ReceivedNotice> received = [];
    private readonly WebApplication server;

    private Receiver(int[] answers)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        server = builder.Build();
        server.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var body = await reader.ReadToEndAsync(context.RequestAborted);
            string Header(string name) => context.Request.Headers[name].ToString();
            int answer;
            lock (gate)
            {
                answer = answers[Math.Min(received.Count, answers.Length - 1)];
                received.Add(new(Guid.Parse(Header("webhook-id")), long.Parse(Header("webhook-timestamp")), Header("webhook-signature"), body));
            }

            if (answer == Never)
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            else
                context.Response.StatusCode = answer;
        });
    }

    public string Url => $"{server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()}/hook";

    /// <summary>What has come, in order.</summary>
    public IReadOnlyList<ReceivedNotice> Received
    {
        get
        {
            lock (gate)
                return [.. received];
        }
    }

    /// <summary>Starts one.</summary>
    /// <param name="answers">The codes that it answers with in turn; the last one from there on.</param>
    public static async Task<Receiver> StartAsync(params int[] answers)
    {
        var receiver = new Receiver(answers);
        await receiver.server.StartAsync();
        return receiver;
    }

    public async ValueTask DisposeAsync() => await server.DisposeAsync();
}

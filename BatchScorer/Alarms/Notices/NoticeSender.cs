using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Mime;
using System.Text;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace BatchScorer.Alarms.Notices;

/// <summary>A notice that is to be sent.</summary>
/// <param name="NoticeId">Its number.</param>
/// <param name="Job">Of which job.</param>
/// <param name="Url">Where to.</param>
/// <param name="Secret">The name of its secret.</param>
/// <param name="Body">What is posted.</param>
internal sealed record UnsentNotice(Guid NoticeId, string Job, string Url, string Secret, string Body);

/// <summary>Posts notices.</summary>
internal sealed class NoticeSender : IDisposable
{
    private readonly NoticeSecrets secrets;
    private readonly NoticePatience patience;
    private readonly TimeProvider time;
    private readonly HttpClient client;
    private readonly ResiliencePipeline<HttpStatusCode> tries;

    public NoticeSender(NoticeSecrets secrets, NoticePatience patience, TimeProvider time)
    {
        (this.secrets, this.patience, this.time) = (secrets, patience, time);
        // What is signed for one address goes to no other.
        client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(2) })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("batchscorer", Telemetry.Instrumentation.Version));
        tries = new ResiliencePipelineBuilder<HttpStatusCode> { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions<HttpStatusCode>
            {
                MaxRetryAttempts = patience.Retries,
                Delay = patience.FirstPause,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = new PredicateBuilder<HttpStatusCode>().Handle<HttpRequestException>().Handle<TimeoutRejectedException>().HandleResult(CanPass),
            })
            .AddTimeout(patience.Answer)
            .Build();
    }

    /// <summary>Posts a notice, with some patience.</summary>
    /// <returns>Why its receiver has not accepted it; null when it has.</returns>
    public async Task<string?> SendAsync(UnsentNotice notice, CancellationToken cancellationToken)
    {
        var (secret, fault) = secrets.Find(notice.Secret);
        if (secret is null)
            return fault;
        try
        {
            var status = await tries.ExecuteAsync(async token => await PostAsync(notice, secret, token), cancellationToken);
            return (int)status is >= 200 and < 300 ? null : string.Create(CultureInfo.InvariantCulture, $"the receiver answered {(int)status}");
        }
        catch (TimeoutRejectedException)
        {
            return string.Create(CultureInfo.InvariantCulture, $"the receiver did not answer within {patience.Answer.TotalSeconds:0.##} s");
        }
        catch (HttpRequestException exception)
        {
            return exception.GetBaseException().Message;
        }
        catch (FormatException)
        {
            return $"the secret in {notice.Secret} begins with whsec_, and what follows is not Base64";
        }
    }

    public void Dispose() => client.Dispose();

    private async Task<HttpStatusCode> PostAsync(UnsentNotice notice, string secret, CancellationToken cancellationToken)
    {
        var timestamp = time.GetUtcNow().ToUnixTimeSeconds();
        using var request = new HttpRequestMessage(HttpMethod.Post, notice.Url)
        {
            Content = new StringContent(notice.Body, Encoding.UTF8, MediaTypeNames.Application.Json),
        };
        request.Headers.Add(NoticeSignature.IdHeader, notice.NoticeId.ToString());
        request.Headers.Add(NoticeSignature.TimestampHeader, timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add(NoticeSignature.SignatureHeader, NoticeSignature.Of(secret, notice.NoticeId, timestamp, notice.Body));
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        return response.StatusCode;
    }

    private static bool CanPass(HttpStatusCode status) =>
        (int)status >= 500 || status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests;
}

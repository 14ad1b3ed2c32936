using BatchScorer.Errors;
using BatchScorer.Health;
using BatchScorer.Postgres;
using BatchScorer.Reports.Markup;
using BatchScorer.Reports.Overview;
using BatchScorer.Scheduling;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace BatchScorer.Reports.Serving;

/// <summary>
/// Answers <c>/runs</c> and <c>/runs/ID</c>, beside health. There is nothing to be changed here: only GET and HEAD are answered, and all of it reads.
/// </summary>
internal sealed class RunPages(RunDetailsReader details, OverviewReader overview, UpcomingFirings firings, PageReaders readers, ILogger<RunPages> logger) : IServedPages, IDisposable
{
    public const string Path = "/runs";

    private const int RefreshSeconds = 5;

    // Who looks at a page wants it now. What takes longer is for the command that writes the same to a file.
    private static readonly TimeSpan PageLimit = TimeSpan.FromSeconds(30), CountingLimit = TimeSpan.FromSeconds(15);

    private static readonly string[] Reading = ["GET", "HEAD"];

    // Counting predictions is the one thing here that costs: however many look, it is done for one at a time.
    private readonly SemaphoreSlim turn = new(1);

    public void Map(IEndpointRouteBuilder routes)
    {
        if (readers is PageReaders.Nobody)
            return;
        routes.MapMethods(Path, Reading, context => AnswerAsync(context, OverviewAsync));
        routes.MapMethods($"{Path}/{{id}}", Reading, context => AnswerAsync(context, RunAsync));
    }

    public void Dispose() => turn.Dispose();

    private async Task<Answer> OverviewAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var job = context.Request.Query["job"].FirstOrDefault();
        var found = await overview.ReadAsync(job, cancellationToken);
        var jobs = firings.Read();
        if (job is not null && found.Jobs.All(standing => standing.Job != job) && jobs.All(firing => firing.Job != job))
            return Notice.Of(StatusCodes.Status404NotFound, "There is no such job", Html.Of($"<a href=\"{Path}\">All runs</a> shows those there are."));
        return new Answer(StatusCodes.Status200OK, OverviewPage.Of(found, jobs, job, found.UnderWay.Count > 0 ? RefreshSeconds : null));
    }

    private async Task<Answer> RunAsync(HttpContext context, CancellationToken cancellationToken)
    {
        if (!long.TryParse((string?)context.Request.RouteValues["id"], System.Globalization.NumberStyles.None, null, out var id))
            return NoSuchRun;
        await turn.WaitAsync(cancellationToken);
        try
        {
            var run = await details.ReadAsync(id, CountingLimit, cancellationToken);
            return new Answer(StatusCodes.Status200OK, RunPage.Of(run, links: true, run.IsUnderWay ? RefreshSeconds : null));
        }
        catch (BatchScorerException fault) when (fault.ExitCode is ExitCode.Usage)
        {
            return NoSuchRun;
        }
        finally
        {
            turn.Release();
        }
    }

    private static Answer NoSuchRun => Notice.Of(StatusCodes.Status404NotFound, "There is no such run", Html.Of($"<a href=\"{Path}\">All runs</a> shows those there are."));

    private async Task AnswerAsync(HttpContext context, Func<HttpContext, CancellationToken, Task<Answer>> make)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        limit.CancelAfter(PageLimit);
        Answer answer;
        try
        {
            answer = readers.Admit(context) ? await make(context, limit.Token) : Notice.NotAdmitted;
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        catch (Exception fault) when (ConnectionLoss.Is(fault) || fault is OperationCanceledException or BatchScorerException { ExitCode: ExitCode.Unavailable })
        {
            answer = Notice.Away(RefreshSeconds);
            context.Response.Headers.RetryAfter = $"{RefreshSeconds}";
        }
        catch (Exception fault)
        {
            ReportLogs.PageFailed(logger, context.Request.Path, fault.Message, fault);
            answer = Notice.Of(StatusCodes.Status500InternalServerError, "This page cannot be shown", Html.Of($"The log of this node says why (event {ReportLogs.PageFailedId})."));
        }

        var headers = context.Response.Headers;
        headers.CacheControl = "no-store";
        headers.ContentSecurityPolicy = $"{Page.Policy}; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = "text/html; charset=utf-8";
        if (context.Request.Method == "GET")
            await context.Response.WriteAsync(answer.Page.ToString(), context.RequestAborted);
    }
}

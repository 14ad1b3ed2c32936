using BatchScorer.Reports.Markup;
using Microsoft.AspNetCore.Http;

namespace BatchScorer.Reports.Serving;

/// <summary>A page with its status.</summary>
internal sealed record Answer(int Status, Page Page);

/// <summary>Pages that say why there is nothing else to see.</summary>
internal static class Notice
{
    public static Answer NotAdmitted { get; } = Of(StatusCodes.Status403Forbidden, "These pages are for this machine only",
        Html.Of($"Ask from the machine itself, as localhost: by an SSH tunnel, or <code>kubectl port-forward</code>. The setting <code>BatchScorer:RunPages</code> = <code>everybody</code> shows them to whoever can reach the address."));

    public static Answer Away(int refreshSeconds)
    {
        var answer = Of(StatusCodes.Status503ServiceUnavailable, "The database is away", Html.Of($"It is out of reach, or does not answer. This page asks again every {refreshSeconds} seconds."));
        return answer with { Page = answer.Page with { RefreshSeconds = refreshSeconds } };
    }

    /// <param name="status">The status of HTTP.</param>
    /// <param name="title">What is the matter.</param>
    /// <param name="remedy">What to do.</param>
    public static Answer Of(int status, string title, Html remedy) =>
        new(status, new Page { Title = title, Body = Html.Of($"<main><h1>{title}</h1><p>{remedy}</p></main>") });
}

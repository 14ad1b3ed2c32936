using System.Net;

namespace BatchScorer.Registry.Stores;

/// <summary>Which refusals of an HTTP server are worth another try.</summary>
internal static class StatusCodes
{
    /// <summary>Whether the server may answer otherwise in a moment: it is at its limits, or failed itself.</summary>
    public static bool CanPass(HttpStatusCode code) =>
        code is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests || ((int)code >= 500 && code is not HttpStatusCode.NotImplemented);
}

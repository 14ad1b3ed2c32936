using System.Net;
using Microsoft.AspNetCore.Http;

namespace BatchScorer.Reports.Serving;

/// <summary>Who may read the pages about runs.</summary>
internal enum PageReaders
{
    /// <summary>Whoever asks from the same machine, by one of its own names.</summary>
    Local,

    /// <summary>Whoever can reach the address.</summary>
    Everybody,

    /// <summary>Nobody: there are no pages.</summary>
    Nobody,
}

internal static class PageReadersRule
{
    /// <summary>Whether somebody may read.</summary>
    /// <remarks>
    /// The name by which the machine was called counts too: a page elsewhere on the web may have its own name lead to this machine, and would
    /// read by way of its visitor's browser otherwise (DNS rebinding).
    /// </remarks>
    public static bool Admit(this PageReaders readers, HttpContext context) => readers switch
    {
        PageReaders.Everybody => true,
        PageReaders.Local => context.Connection.RemoteIpAddress is { } caller && IPAddress.IsLoopback(caller) && IsOwnName(context.Request.Host.Host),
        _ => false,
    };

    private static bool IsOwnName(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}

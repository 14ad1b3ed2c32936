using System.Net;
using BatchScorer.Errors;
using Microsoft.AspNetCore.Http;

namespace BatchScorer.Health;

/// <summary>Where <c>serve</c> answers whether it is well.</summary>
/// <param name="Listen">What it listens on, such as <c>http://*:8088</c>.</param>
/// <param name="Ask">Where a process on the same machine asks.</param>
internal sealed record HealthAddress(string Listen, Uri Ask)
{
    private const string Off = "off";

    private static readonly string[] Everywhere = ["*", "+", "0.0.0.0", "[::]"];

    /// <summary>Reads the setting.</summary>
    /// <param name="setting">The setting's name.</param>
    /// <param name="value">Its value.</param>
    /// <returns>Null where it is switched off.</returns>
    /// <exception cref="BatchScorerException">It is no such address.</exception>
    public static HealthAddress? Parse(string setting, string value)
    {
        if (value.Equals(Off, StringComparison.OrdinalIgnoreCase))
            return null;
        return TryParse(value) ?? throw new BatchScorerException(ExitCode.BadConfiguration,
            $"{setting}: expected {Off}, or an address such as http://127.0.0.1:8088 or, for all of the machine's, http://*:8088, got \"{value}\".");
    }

    private static HealthAddress? TryParse(string value)
    {
        try
        {
            var address = BindingAddress.Parse(value);
            if (address.Scheme != "http" || address.IsUnixPipe || address.PathBase.Length > 0 || address.Port is < 1 or > IPEndPoint.MaxPort)
                return null;
            var host = Everywhere.Contains(address.Host) ? IPAddress.Loopback.ToString() : address.Host;
            return Uri.TryCreate($"http://{host}:{address.Port}", UriKind.Absolute, out var ask) ? new HealthAddress(value, ask) : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}

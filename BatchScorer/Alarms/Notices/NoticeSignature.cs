using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace BatchScorer.Alarms.Notices;

/// <summary>Signs notices as Standard Webhooks (standardwebhooks.com) has it, so that receivers can check them with its libraries.</summary>
internal static class NoticeSignature
{
    public const string IdHeader = "webhook-id";
    public const string TimestampHeader = "webhook-timestamp";
    public const string SignatureHeader = "webhook-signature";

    /// <summary>Begins a secret whose key is written in Base64; otherwise the key is the secret's text in UTF-8.</summary>
    private const string Base64Prefix = "whsec_";

    /// <summary>The signature: <c>v1,</c> and the Base64 of HMAC-SHA256 over <c>id.timestamp.body</c>.</summary>
    /// <param name="secret">The secret.</param>
    /// <param name="id">Number of the notice.</param>
    /// <param name="timestamp">When it is sent, in seconds since 1970.</param>
    /// <param name="body">What is posted.</param>
    /// <exception cref="FormatException">The secret begins as one in Base64, and is none.</exception>
    public static string Of(string secret, Guid id, long timestamp, string body)
    {
        var key = secret.StartsWith(Base64Prefix, StringComparison.Ordinal) ? Convert.FromBase64String(secret[Base64Prefix.Length..]) : Encoding.UTF8.GetBytes(secret);
        var signed = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}.{body}"));
        return $"v1,{Convert.ToBase64String(HMACSHA256.HashData(key, signed))}";
    }
}

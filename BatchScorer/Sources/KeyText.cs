using System.Globalization;
using System.Text;

namespace BatchScorer.Sources;

/// <summary>Key values as PostgreSQL prints them, for the few that people get to see.</summary>
internal static class KeyText
{
    /// <summary>Whether columns of this family can be keys: integers, text and uuid.</summary>
    public static bool CanBeKey(WireFamily family) => family is WireFamily.Integer or WireFamily.Text or WireFamily.Uuid;

    public static string Read(WireFamily family, ReadOnlySpan<byte> value) => family switch
    {
        WireFamily.Integer => WireNumber.Integer(value).ToString(CultureInfo.InvariantCulture),
        WireFamily.Uuid => new Guid(value, bigEndian: true).ToString(),
        WireFamily.Text => Encoding.UTF8.GetString(value),
        _ => throw new ArgumentOutOfRangeException(nameof(family), family, "No key is of this type."),
    };
}

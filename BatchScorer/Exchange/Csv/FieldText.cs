using System.Text;

namespace BatchScorer.Exchange.Csv;

/// <summary>Fields as messages show them.</summary>
internal static class FieldText
{
    private const int LongestQuote = 40;

    /// <summary>A field in quotes, on one line, cut where it is long.</summary>
    public static string Quote(ReadOnlySpan<byte> field)
    {
        var text = string.Concat(Encoding.UTF8.GetString(field).Select(letter => char.IsControl(letter) ? ' ' : letter));
        return $"\"{(text.Length > LongestQuote ? $"{text[..LongestQuote]}…" : text)}\"";
    }
}

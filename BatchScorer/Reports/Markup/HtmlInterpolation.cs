using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace BatchScorer.Reports.Markup;

/// <summary>Builds a piece of HTML from an interpolated string: texts in holes are encoded, pieces of HTML are not.</summary>
/// <remarks>Only what is listed here can stand in a hole, so that nothing is formatted by a culture or by accident.</remarks>
[InterpolatedStringHandler]
internal readonly ref struct HtmlInterpolation
{
    private const int UsualHole = 16;

    private readonly StringBuilder text;

    public HtmlInterpolation(int literalLength, int formattedCount) => text = new StringBuilder(literalLength + formattedCount * UsualHole);

    public void AppendLiteral(string literal) => text.Append(literal);

    public void AppendFormatted(string? value) => text.Append(WebUtility.HtmlEncode(Visible(value)));

    public void AppendFormatted(long value) => text.Append(CultureInfo.InvariantCulture, $"{value}");

    /// <summary>A length or a place in a figure; three digits behind the point are finer than any screen.</summary>
    public void AppendFormatted(double value) => text.Append(CultureInfo.InvariantCulture, $"{value:0.###}");

    public void AppendFormatted(Html value) => text.Append(value);

    public void AppendFormatted(IEnumerable<Html> pieces) => text.AppendJoin("", pieces);

    public override string ToString() => text.ToString();

    // HTML has no way to write most control characters, and those that turn the direction of text could make one value look like another.
    private static string? Visible(string? value) => value is null || !value.Any(IsHidden) ? value
        : string.Concat(value.Select(character => IsHidden(character) ? '\uFFFD' : character));

    private static bool IsHidden(char character) =>
        (char.IsControl(character) && character is not ('\n' or '\t')) || character is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
}

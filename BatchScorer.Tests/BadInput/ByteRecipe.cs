using System.Text;

namespace BatchScorer.Tests.BadInput;

/// <summary>
/// Content that the corpus describes instead of holding it. Each line adds bytes: <c>text …</c> and a line end, <c>hex FF 00</c>,
/// <c>times 100 …</c> for a text over and over, or <c>in utf-16 …</c> for a text in an encoding, with its byte-order mark.
/// </summary>
internal static class ByteRecipe
{
    public static byte[] Make(IEnumerable<string> lines) => [.. lines.SelectMany(Line)];

    private static byte[] Line(string line)
    {
        var (verb, rest) = Cut(line);
        switch (verb)
        {
            case "text":
                return Encoding.UTF8.GetBytes(rest + '\n');
            case "hex":
                return Convert.FromHexString(rest.Replace(" ", "", StringComparison.Ordinal));
            case "times":
                var (count, text) = Cut(rest);
                return Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(text, int.Parse(count))));
            case "in":
                var (name, content) = Cut(rest);
                var encoding = Encoding.GetEncoding(name);
                return [.. encoding.Preamble, .. encoding.GetBytes(content)];
            default:
                throw new ArgumentException($"There is no recipe \"{line}\".");
        }
    }

    private static (string Word, string Text) Cut(string line) =>
        line.IndexOf(' ', StringComparison.Ordinal) is >= 0 and var end ? (line[..end], line[(end + 1)..]) : (line, "");
}

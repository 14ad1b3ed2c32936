using System.Text;

namespace BatchScorer.Postgres;

/// <summary>The name of a table or view with its schema, as the catalogue has them: without quotes.</summary>
/// <param name="Schema">The schema's name.</param>
/// <param name="Name">The table's name.</param>
internal sealed record QualifiedName(string Schema, string Name)
{
    private const string Expected = "expected schema.table or \"Quoted Schema\".\"Table\"";

    /// <summary>
    /// Reads a name as SQL does: letters outside double quotes become small, what is within is taken as it is, and
    /// <c>""</c> stands for one quote. Without a schema, <c>public</c> is meant.
    /// </summary>
    /// <exception cref="FormatException">The text is no such name; the message says what was expected.</exception>
    public static QualifiedName Parse(string text)
    {
        var parts = new List<string>();
        var place = 0;
        do
            parts.Add(text[place..] is ['"', ..] ? ReadQuoted(text, ref place) : ReadPlain(text, ref place));
        while (place < text.Length && text[place++] == '.');

        return parts switch
        {
            [var name] => new("public", name),
            [var schema, var name] => new(schema, name),
            _ => throw new FormatException($"{Expected}, got \"{text}\", which has {parts.Count} parts"),
        };
    }

    /// <summary>The name for an SQL statement: both parts quoted.</summary>
    public override string ToString() => SqlIdentifier.Quote(Schema, Name);

    private static string ReadQuoted(string text, ref int place)
    {
        var name = new StringBuilder();
        for (place++; place < text.Length; place++)
        {
            if (text[place] == '"' && (++place == text.Length || text[place] != '"'))
                return Checked(name.ToString(), text, place);
            name.Append(text[place]);
        }

        throw new FormatException($"{Expected}, got \"{text}\", in which a quote is not closed");
    }

    private static string ReadPlain(string text, ref int place)
    {
        var start = place;
        while (place < text.Length && IsPlain(text[place], first: place == start))
            place++;
        return Checked(string.Concat(text[start..place].Select(Lower)), text, place);
    }

    /// <summary>Letters of any script count: PostgreSQL takes every byte above 127 for one.</summary>
    private static bool IsPlain(char letter, bool first) =>
        letter is '_' or >= '\u0080' || char.IsAsciiLetter(letter) || (!first && (letter == '$' || char.IsAsciiDigit(letter)));

    /// <summary>PostgreSQL leaves capitals beyond ASCII as they are.</summary>
    private static char Lower(char letter) => char.IsAsciiLetterUpper(letter) ? char.ToLowerInvariant(letter) : letter;

    private static string Checked(string name, string text, int end)
    {
        if (end < text.Length && text[end] != '.')
            throw new FormatException($"{Expected}, got \"{text}\", in which '{text[end]}' needs quotes");
        if (name.Length == 0)
            throw new FormatException($"{Expected}, got \"{text}\", in which a name is empty");
        if (name.Contains('\0', StringComparison.Ordinal))
            throw new FormatException($"{Expected}, got a name with a null character");
        if (Encoding.UTF8.GetByteCount(name) > SqlIdentifier.MaxBytes)
            throw new FormatException($"{Expected} of at most {SqlIdentifier.MaxBytes} bytes each, got \"{name}\"");
        return name;
    }
}

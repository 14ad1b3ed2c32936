using System.Text.Json;

namespace BatchScorer.Jobs.Json;

/// <summary>Reads a JSON document into a <see cref="JsonTree"/>.</summary>
internal sealed class JsonTreeReader
{
    private const int MaxDepth = 16;

    /// <summary>Lets through what gets a message of its own.</summary>
    private static readonly JsonReaderOptions Lenient =
        new() { MaxDepth = MaxDepth, CommentHandling = JsonCommentHandling.Allow, AllowTrailingCommas = true };

    private readonly ReadOnlyMemory<byte> utf8;
    private readonly TextPositions positions;
    private readonly FaultList faults;

    private JsonTreeReader(ReadOnlyMemory<byte> utf8, FaultList faults)
    {
        this.utf8 = utf8;
        this.faults = faults;
        positions = new TextPositions(utf8);
    }

    /// <summary>
    /// Reads the document. Comments and commas too many are faults, and reading goes on; anything else that is no JSON is one
    /// fault and ends it.
    /// </summary>
    /// <returns>The document, or null where it could not be read to its end.</returns>
    public static JsonTree? Read(ReadOnlyMemory<byte> utf8, FaultList faults)
    {
        var document = new JsonTreeReader(utf8, faults);
        var reader = new Utf8JsonReader(utf8.Span, Lenient);
        try
        {
            document.Advance(ref reader);
            var tree = document.ReadValue(ref reader, name: "", path: "", line: document.Line(reader));
            document.Advance(ref reader);
            return tree;
        }
        catch (JsonException exception)
        {
            document.AddMalformed(exception);
            return null;
        }
    }

    private JsonTree ReadValue(ref Utf8JsonReader reader, string name, string path, int line)
    {
        var start = (int)reader.TokenStartIndex;
        var kind = KindOf(reader.TokenType);
        var text = kind == JsonValueKind.String ? Text(ref reader) : "";
        var children = kind switch
        {
            JsonValueKind.Object => ReadProperties(ref reader, path),
            JsonValueKind.Array => ReadItems(ref reader, path),
            _ => [],
        };
        return new JsonTree(kind, name, path, line)
        {
            Children = children,
            Raw = utf8[start..(int)reader.BytesConsumed],
            Text = text,
        };
    }

    private List<JsonTree> ReadProperties(ref Utf8JsonReader reader, string path)
    {
        var properties = new List<JsonTree>();
        while (Advance(ref reader) && reader.TokenType != JsonTokenType.EndObject)
        {
            var line = Line(reader);
            var name = Text(ref reader);
            Advance(ref reader);
            properties.Add(ReadValue(ref reader, name, JsonPath.Property(path, name), line));
        }

        return properties;
    }

    private List<JsonTree> ReadItems(ref Utf8JsonReader reader, string path)
    {
        var items = new List<JsonTree>();
        while (Advance(ref reader) && reader.TokenType != JsonTokenType.EndArray)
            items.Add(ReadValue(ref reader, name: "", JsonPath.Item(path, items.Count), Line(reader)));
        return items;
    }

    private bool Advance(ref Utf8JsonReader reader)
    {
        var comma = -1;
        for (var end = (int)reader.BytesConsumed; reader.Read(); end = (int)reader.BytesConsumed)
        {
            if (utf8.Span[end..(int)reader.TokenStartIndex].IndexOf((byte)',') is >= 0 and var place)
                comma = end + place;
            if (reader.TokenType != JsonTokenType.Comment)
            {
                if (comma >= 0 && reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
                    faults.Add(positions.Place(comma).Line + 1, "", "there is a comma too many at the end; remove it");
                return true;
            }

            faults.Add(Line(reader), "", "JSON has no comments; say it in \"description\" or leave it out");
        }

        return false;
    }

    private string Text(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // The bytes are valid UTF-8 by now, so only an escaped half of a surrogate pair comes here.
            var (line, byteInLine) = positions.Place((int)reader.TokenStartIndex);
            throw new JsonException(@"a \u escape in this text is half a character", path: null, line, byteInLine);
        }
    }

    private int Line(in Utf8JsonReader reader) => positions.Place((int)reader.TokenStartIndex).Line + 1;

    private static JsonValueKind KindOf(JsonTokenType token) => token switch
    {
        JsonTokenType.StartObject => JsonValueKind.Object,
        JsonTokenType.StartArray => JsonValueKind.Array,
        JsonTokenType.String => JsonValueKind.String,
        JsonTokenType.Number => JsonValueKind.Number,
        JsonTokenType.True => JsonValueKind.True,
        JsonTokenType.False => JsonValueKind.False,
        _ => JsonValueKind.Null,
    };

    private void AddMalformed(JsonException exception)
    {
        var (line, byteInLine) = ((int)(exception.LineNumber ?? 0), (int)(exception.BytePositionInLine ?? 0));
        var atEnd = positions.Offset(line, byteInLine) >= utf8.Span.TrimEnd(" \t\r\n"u8).Length;
        var reason = atEnd ? "the file ends too early; a \", ] or } is missing" : Reason(exception);
        faults.Add(line + 1, "", $"this is not JSON, at column {positions.Column(line, byteInLine)}: {reason}");
    }

    /// <summary>The library's own words, without the position (told apart already) and its advice on reader options.</summary>
    private static string Reason(JsonException exception)
    {
        var text = exception.Message;
        foreach (var tail in new[] { " LineNumber:", " Change the reader options." })
        {
            if (text.IndexOf(tail, StringComparison.Ordinal) is >= 0 and var end)
                text = text[..end];
        }

        return text.TrimEnd('.');
    }
}

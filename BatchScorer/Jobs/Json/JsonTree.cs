using System.Text;
using System.Text.Json;

namespace BatchScorer.Jobs.Json;

/// <summary>A JSON value that remembers where it stands.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">The name of the property it belongs to; empty for items and for the document.</param>
/// <param name="Path">Its path from the document, such as <c>source.key[0]</c>.</param>
/// <param name="Line">The line it begins in, that of its name for a property; from 1.</param>
internal sealed record JsonTree(JsonValueKind Kind, string Name, string Path, int Line)
{
    private const int ShownLength = 60;

    /// <summary>Properties, repeated ones too, or items, in the order of the file.</summary>
    public required IReadOnlyList<JsonTree> Children { get; init; }

    /// <summary>The value as it is written.</summary>
    public required ReadOnlyMemory<byte> Raw { get; init; }

    /// <summary>The text of a string; empty for everything else.</summary>
    public string Text { get; init; } = "";

    /// <summary>The property of this path, or the innermost value around the place where it would stand.</summary>
    public JsonTree Nearest(string path) =>
        Children.FirstOrDefault(child => JsonPath.Contains(child.Path, path))?.Nearest(path) ?? this;

    /// <summary>Whether the document has a property of this path.</summary>
    public bool Has(string path) => Nearest(path).Path == path;

    /// <summary>The value as messages show it.</summary>
    public override string ToString() => Kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => $"\"{Shortened(Text)}\"",
        _ => Shortened(Encoding.UTF8.GetString(Raw.Span)),
    };

    private static string Shortened(string text) => text.Length <= ShownLength ? text : text[..ShownLength] + "…";
}

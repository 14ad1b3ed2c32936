using System.Text;

namespace BatchScorer.Jobs.Json;

/// <summary>Tells the line and column of a byte in UTF-8 text.</summary>
internal sealed class TextPositions
{
    private readonly ReadOnlyMemory<byte> utf8;
    private readonly List<int> lineStarts = [0];

    public TextPositions(ReadOnlyMemory<byte> utf8)
    {
        this.utf8 = utf8;
        var bytes = utf8.Span;
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] == '\n')
                lineStarts.Add(i + 1);
        }
    }

    /// <summary>The line of a byte and its place there, both from 0.</summary>
    public (int Line, int ByteInLine) Place(int offset)
    {
        var found = lineStarts.BinarySearch(offset);
        var line = found >= 0 ? found : ~found - 1;
        return (line, offset - lineStarts[line]);
    }

    /// <summary>The byte at a line and a place there, both from 0.</summary>
    public int Offset(int line, int byteInLine) => lineStarts[line] + byteInLine;

    /// <summary>The column, from 1 and in characters, of a byte that is given by its line and its place there, both from 0.</summary>
    public int Column(int line, int byteInLine) =>
        Encoding.UTF8.GetCharCount(utf8.Span.Slice(lineStarts[line], byteInLine)) + 1;
}

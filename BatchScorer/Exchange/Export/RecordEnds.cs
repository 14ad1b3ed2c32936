namespace BatchScorer.Exchange.Export;

/// <summary>
/// Turns what PostgreSQL's COPY writes as CSV into RFC 4180: it ends records with LF, and RFC 4180 with CR LF. Line ends within quotes
/// are part of a value and stay. It counts records on the way.
/// </summary>
internal sealed class RecordEnds
{
    private byte[] converted = new byte[128 * 1024];
    private bool isQuoted;

    /// <summary>Records that have ended so far, the header among them.</summary>
    public long Records { get; private set; }

    /// <summary>Converts a piece; valid until the next call.</summary>
    public ReadOnlyMemory<byte> Convert(ReadOnlySpan<byte> piece)
    {
        if (converted.Length < 2 * piece.Length)
            converted = new byte[2 * piece.Length];
        var length = 0;
        while (!piece.IsEmpty)
        {
            var next = isQuoted ? piece.IndexOf((byte)'"') : piece.IndexOfAny((byte)'"', (byte)'\n');
            var plain = next < 0 ? piece : piece[..next];
            plain.CopyTo(converted.AsSpan(length));
            length += plain.Length;
            if (next < 0)
                break;
            if (piece[next] == '"')
            {
                // A doubled quote closes and opens again.
                isQuoted = !isQuoted;
            }
            else
            {
                converted[length++] = (byte)'\r';
                Records++;
            }

            converted[length++] = piece[next];
            piece = piece[(next + 1)..];
        }

        return converted.AsMemory(0, length);
    }
}

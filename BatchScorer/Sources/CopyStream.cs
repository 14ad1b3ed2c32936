using System.Buffers.Binary;

namespace BatchScorer.Sources;

/// <summary>
/// Cuts a stream in PostgreSQL's binary COPY format into rows. The format is in the PostgreSQL manual under COPY, "Binary Format":
/// a header of 19 bytes or more, then for each row a field count and each field's length and bytes, last a field count of -1.
/// </summary>
/// <param name="stream">The stream, from its header on.</param>
/// <param name="fieldCount">The fields each row must have.</param>
internal sealed class CopyStream(Stream stream, int fieldCount)
{
    private const int SignatureLength = 11;

    private byte[] buffer = new byte[128 * 1024];
    private int start;
    private int end;
    private bool headerRead;

    /// <summary>Waits until a whole row is in memory.</summary>
    /// <returns>False at the end of the data.</returns>
    public async ValueTask<bool> NextAsync(CancellationToken cancellationToken)
    {
        if (!headerRead)
            await ReadHeaderAsync(cancellationToken);
        while (true)
        {
            if (end - start >= 2 && FieldCount == -1)
            {
                // The server may still fail behind the mark, and the stream with it.
                _ = await stream.ReadAsync(buffer.AsMemory(0, 1), cancellationToken);
                return false;
            }

            if (RowLength() is { } length)
            {
                Row = new Range(start, start + length);
                return true;
            }

            await FillAsync(cancellationToken);
        }
    }

    /// <summary>The current row's bytes, from its first field's length on. Taking it moves on to the next row.</summary>
    public ReadOnlySpan<byte> TakeRow()
    {
        start = Row.End.Value;
        return buffer.AsSpan(Row)[2..];
    }

    private Range Row { get; set; }

    private short FieldCount => BinaryPrimitives.ReadInt16BigEndian(buffer.AsSpan(start));

    private int? RowLength()
    {
        if (end - start < 2)
            return null;
        if (FieldCount != fieldCount)
            throw new FormatException($"A row of {FieldCount} fields was sent; {fieldCount} were expected.");
        var position = start + 2;
        for (var field = 0; field < fieldCount; field++)
        {
            if (end - position < 4)
                return null;
            position += 4 + Math.Max(0, BinaryPrimitives.ReadInt32BigEndian(buffer.AsSpan(position)));
            if (position > end)
                return null;
        }

        return position - start;
    }

    private async ValueTask ReadHeaderAsync(CancellationToken cancellationToken)
    {
        const int lengthOfExtension = SignatureLength + 4;
        while (end < lengthOfExtension + 4)
            await FillAsync(cancellationToken);
        var length = lengthOfExtension + 4 + BinaryPrimitives.ReadInt32BigEndian(buffer.AsSpan(lengthOfExtension));
        while (end < length)
            await FillAsync(cancellationToken);
        start = length;
        headerRead = true;
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        if (end == buffer.Length)
        {
            var kept = buffer.AsSpan(start, end - start);
            // A row longer than half the buffer gets a larger one, so that moving bytes to the front stays rare.
            var target = kept.Length > buffer.Length / 2 ? new byte[checked(buffer.Length * 2)] : buffer;
            kept.CopyTo(target);
            (buffer, start, end) = (target, 0, kept.Length);
        }

        var read = await stream.ReadAsync(buffer.AsMemory(end), cancellationToken);
        if (read == 0)
            throw new EndOfStreamException("The rows ended without their end mark.");
        end += read;
    }
}

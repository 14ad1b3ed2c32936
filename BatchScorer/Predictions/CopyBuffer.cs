using System.Buffers.Binary;

namespace BatchScorer.Predictions;

/// <summary>
/// Rows in PostgreSQL's binary COPY format, made in memory so that a COPY begins only when its bytes are ready.
/// The format is in the PostgreSQL manual under COPY, "Binary Format".
/// </summary>
internal sealed class CopyBuffer
{
    private static readonly byte[] Header = [.. "PGCOPY\n"u8, 0xFF, .. "\r\n\0"u8, 0, 0, 0, 0, 0, 0, 0, 0];

    private byte[] bytes = new byte[64 * 1024];

    public CopyBuffer() => Clear();

    /// <summary>Bytes written so far, the header among them.</summary>
    public int Length { get; private set; }

    public int RowCount { get; private set; }

    /// <summary>Forgets everything but the header.</summary>
    public void Clear()
    {
        Header.CopyTo(bytes, 0);
        Length = Header.Length;
        RowCount = 0;
    }

    public void BeginRow(int fieldCount)
    {
        BinaryPrimitives.WriteInt16BigEndian(Take(2), checked((short)fieldCount));
        RowCount++;
    }

    public void WriteNull() => BinaryPrimitives.WriteInt32BigEndian(Take(4), -1);

    /// <summary>A field whose bytes are known.</summary>
    public void Write(ReadOnlySpan<byte> value) => value.CopyTo(WriteField(value.Length));

    /// <summary>A field of this length; the caller fills in its bytes.</summary>
    public Span<byte> WriteField(int length)
    {
        var field = Take(4 + length);
        BinaryPrimitives.WriteInt32BigEndian(field, length);
        return field[4..];
    }

    /// <summary>Everything, with the end mark. Nothing may be added until <see cref="Clear"/>.</summary>
    public ReadOnlyMemory<byte> Complete()
    {
        BinaryPrimitives.WriteInt16BigEndian(Take(2), -1);
        return bytes.AsMemory(0, Length);
    }

    private Span<byte> Take(int count)
    {
        var end = checked(Length + count);
        if (end > bytes.Length)
            Array.Resize(ref bytes, Math.Max(end, (int)Math.Min(Array.MaxLength, bytes.Length * 2L)));
        var taken = bytes.AsSpan(Length, count);
        Length = end;
        return taken;
    }
}

namespace BatchScorer.Models.Compiled.Graph;

/// <summary>Room for bytes that grows as it has to.</summary>
internal sealed class ByteRoom
{
    private byte[] bytes = new byte[1024];

    /// <summary>So many bytes at least, of any content.</summary>
    public Span<byte> Take(int length)
    {
        if (length > bytes.Length)
            bytes = new byte[Math.Max(length, 2 * bytes.Length)];
        return bytes;
    }
}

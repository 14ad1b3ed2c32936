using System.Buffers.Binary;

namespace BatchScorer.Tests.BadInput.Fuzz;

/// <summary>Changes bytes, by a seed.</summary>
internal sealed class Mutation(int seed)
{
    private const int MostChanges = 4;

    private static readonly int[] Numbers =
        [-1, 0, 1, 2, 127, 128, 255, 256, 65_535, 1 << 24, int.MaxValue, int.MinValue, BitConverter.SingleToInt32Bits(float.NaN), BitConverter.SingleToInt32Bits(float.PositiveInfinity)];

    private readonly Random random = new(seed);

    public T Pick<T>(IReadOnlyList<T> items) => items[random.Next(items.Count)];

    public bool OneIn(int times) => random.Next(times) == 0;

    /// <summary>One to <see cref="MostChanges"/> changes in a row.</summary>
    /// <param name="content">What is changed; it stays as it is.</param>
    /// <param name="others">Where pieces to put in are taken from.</param>
    public byte[] Change(byte[] content, IReadOnlyList<byte[]> others)
    {
        for (var changes = random.Next(1, MostChanges + 1); changes > 0; changes--)
            content = ChangeOnce(content, others);
        return content;
    }

    private byte[] ChangeOnce(byte[] content, IReadOnlyList<byte[]> others)
    {
        var (start, length) = Piece(content);
        switch (random.Next(7))
        {
            case 0:
                return [.. content[..start], .. content[(start + length)..]];
            case 1:
                return [.. content[..(start + length)], .. content[start..]];
            case 2:
                return content[..start];
            case 3:
                var other = Pick(others);
                var (from, count) = Piece(other);
                return [.. content[..start], .. other[from..(from + count)], .. content[(start + length)..]];
            case 4 when content.Length - start >= sizeof(int):
                var written = content.ToArray();
                BinaryPrimitives.WriteInt32LittleEndian(written.AsSpan(start), Pick(Numbers));
                return written;
            default:
                return Flipped(content);
        }
    }

    private byte[] Flipped(byte[] content)
    {
        if (content.Length == 0)
            return [(byte)random.Next(256)];
        var flipped = content.ToArray();
        flipped[random.Next(content.Length)] ^= (byte)(1 << random.Next(8));
        return flipped;
    }

    /// <summary>Somewhere in the content, in its beginning as often as not; short pieces are as likely as long ones.</summary>
    private (int Start, int Length) Piece(byte[] content)
    {
        var start = random.Next(OneIn(2) ? Math.Min(content.Length, 400) + 1 : content.Length + 1);
        return (start, Math.Min(content.Length - start, random.Next(1 << random.Next(1, 12))));
    }
}

using System.Buffers.Binary;
using BatchScorer.Predictions;
using BatchScorer.Sources;

namespace BatchScorer.Tests.Sources;

internal sealed class CopyStreamTests
{
    [Test]
    public async Task Rows_are_the_same_in_whatever_pieces_the_bytes_come([Values(1, 2, 3, 7, 64, 100_000)] int piece)
    {
        var copy = new CopyBuffer();
        foreach (var length in new[] { 3, 0, 200_000, 1 })
        {
            copy.BeginRow(2);
            copy.Write(new byte[length]);
            copy.WriteNull();
        }

        var rows = new CopyStream(new Pieces(copy.Complete().ToArray(), piece), fieldCount: 2);
        var lengths = new List<int>();
        while (await rows.NextAsync(CancellationToken.None))
            lengths.Add(BinaryPrimitives.ReadInt32BigEndian(rows.TakeRow()));

        Assert.That(lengths, Is.EqualTo(new[] { 3, 0, 200_000, 1 }));
    }

    [Test]
    public void A_row_of_another_width_is_refused()
    {
        var copy = new CopyBuffer();
        copy.BeginRow(1);
        copy.WriteNull();
        var rows = new CopyStream(new MemoryStream(copy.Complete().ToArray()), fieldCount: 2);

        Assert.That(async () => await rows.NextAsync(CancellationToken.None), Throws.TypeOf<FormatException>().With.Message.Contains("1 fields"));
    }

    [Test]
    public void Data_that_ends_without_its_end_mark_is_refused()
    {
        var copy = new CopyBuffer();
        copy.BeginRow(1);
        copy.Write([1, 2, 3]);
        var rows = new CopyStream(new MemoryStream(copy.Complete()[..^3].ToArray()), fieldCount: 1);

        Assert.That(async () => await rows.NextAsync(CancellationToken.None), Throws.TypeOf<EndOfStreamException>());
    }

    /// <summary>Gives at most so many bytes a read.</summary>
    private sealed class Pieces(byte[] bytes, int piece) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(piece, buffer.Length)], cancellationToken);
    }
}

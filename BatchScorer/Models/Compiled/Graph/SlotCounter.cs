using System.Numerics;

namespace BatchScorer.Models.Compiled.Graph;

/// <summary>
/// Counts how often each slot of a wide vector occurs, a row at a time. The slots come out in ascending order by way of two
/// levels of bits, so that a row costs what it holds and not its width.
/// </summary>
/// <param name="width">Length of the vector.</param>
internal sealed class SlotCounter(int width)
{
    private const int WordBits = 64;

    private readonly float[] counts = new float[width];
    private readonly ulong[] words = new ulong[width / WordBits + 1];
    private readonly ulong[] summary = new ulong[width / (WordBits * WordBits) + 1];
    private readonly List<int> room = [];
    private int[] order = new int[WordBits];
    private int added;

    /// <summary>Counts a slot.</summary>
    public void Add(int slot)
    {
        if (added == order.Length)
            Array.Resize(ref order, 2 * added);
        order[added++] = slot;
        if (counts[slot]++ > 0)
            return;
        words[slot / WordBits] |= 1UL << slot;
        summary[slot / (WordBits * WordBits)] |= 1UL << (slot / WordBits);
    }

    /// <summary>Writes the counts as the next row, dense where ML.NET makes it so, and begins anew.</summary>
    public void MoveTo(SparseRows rows)
    {
        rows.BeginRow();
        for (var block = 0; block < summary.Length; block++)
        {
            for (; summary[block] != 0; summary[block] &= summary[block] - 1)
            {
                var word = block * WordBits + BitOperations.TrailingZeroCount(summary[block]);
                for (; words[word] != 0; words[word] &= words[word] - 1)
                {
                    var slot = word * WordBits + BitOperations.TrailingZeroCount(words[word]);
                    rows.Add(slot, counts[slot]);
                    counts[slot] = 0;
                }
            }
        }

        if (BuiltVector.IsDense(order.AsSpan(0, added), width, room))
            rows.Fill();
        added = 0;
    }
}

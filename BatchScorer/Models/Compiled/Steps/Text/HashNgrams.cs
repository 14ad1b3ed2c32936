using BatchScorer.Batches;
using BatchScorer.Models.Compiled.Graph;
using BatchScorer.Models.Compiled.Steps.Hashing;

namespace BatchScorer.Models.Compiled.Steps.Text;

/// <summary>How runs are hashed to slots.</summary>
/// <param name="Shape">How long runs are.</param>
/// <param name="Bits">Bits of a hash that are kept.</param>
/// <param name="Seed">What hashes begin with.</param>
/// <param name="HashesSingleKeys">Whether a run of one key is hashed as well; if not, the key is its own hash.</param>
/// <param name="IsOrdered">Whether the place of the column among the sources counts.</param>
/// <param name="CountsShorter">Whether shorter runs count as well.</param>
internal sealed record NgramHashRule(NgramShape Shape, int Bits, uint Seed, bool HashesSingleKeys, bool IsOrdered, bool CountsShorter);

/// <summary>Counts the runs of keys of one or more columns by their hashes.</summary>
internal sealed class HashNgrams(string name, Kernel[] sources, NgramHashRule rule)
    : Kernel(name, new ColumnType(ValueKind.Single, 1 << rule.Bits), sources)
{
    public override bool MayBeSparse => true;

    public override bool IsSparse => true;

    public override object CreateScratch(int rows) => new SlotCounter(Type.Width);

    public override void Run(Block block)
    {
        var rows = block.WriteSparse(this);
        var counter = block.Scratch<SlotCounter>(this);
        for (var row = 0; row < block.Rows; row++)
        {
            for (var i = 0; i < Sources.Length; i++)
                NgramWalk.Count(new Index(rule, i), rule.Shape, block.Row<uint>(Sources[i], row), Sources[i].KeyCount, counter);
            counter.MoveTo(rows);
        }
    }

    /// <summary>Finds slots by going on with a hash key by key.</summary>
    private readonly struct Index(NgramHashRule rule, int column) : INgramIndex
    {
        public int Begin => (int)rule.Seed;

        public bool TryNext(ref int at, uint key, int length, out int slot)
        {
            at = (int)Murmur.Round((uint)at, key);
            slot = length == rule.Shape.Length || rule.CountsShorter ? Slot((uint)at, key, length) : -1;
            return true;
        }

        private int Slot(uint unfinished, uint lastKey, int length)
        {
            var isKey = length == 1 && !rule.HashesSingleKeys && (rule.CountsShorter || rule.Shape.Length == 1);
            var hash = isKey ? lastKey : Murmur.Finish(unfinished, length);
            if (rule.IsOrdered)
                hash = Murmur.Mix(column > 0 ? Murmur.Round(hash, (uint)column) : hash);
            return (int)(hash & ((1U << rule.Bits) - 1));
        }
    }
}

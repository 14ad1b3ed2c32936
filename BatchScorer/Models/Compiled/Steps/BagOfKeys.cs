using BatchScorer.Batches;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Steps;

/// <summary>How often each key occurs in a vector of keys, of fixed length or not. Key 0 is not counted.</summary>
internal sealed class BagOfKeys(string name, Kernel source, int keyCount)
    : Kernel(name, new ColumnType(ValueKind.Single, keyCount), source)
{
    public override bool MayBeSparse => true;

    public override bool IsSparse => true;

    public override object CreateScratch(int rows) => new SlotCounter(keyCount);

    public override void Run(Block block)
    {
        var rows = block.WriteSparse(this);
        var counter = block.Scratch<SlotCounter>(this);
        for (var row = 0; row < block.Rows; row++)
        {
            foreach (var key in block.Row<uint>(Sources[0], row))
            {
                if (key - 1 < (uint)keyCount)
                    counter.Add((int)key - 1);
            }

            counter.MoveTo(rows);
        }
    }
}

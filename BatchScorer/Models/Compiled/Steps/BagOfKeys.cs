using BatchScorer.Batches;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Steps;

/// <summary>How often each key occurs in a vector of keys. Key 0 is not counted.</summary>
internal sealed class BagOfKeys(string name, Kernel source, int keyCount)
    : Kernel(name, new ColumnType(ValueKind.Single, keyCount), source)
{
    public override bool MayBeSparse => true;

    public override void Run(Block block)
    {
        var target = block.Write<float>(this);
        target.Clear();
        var keys = block.Read<uint>(Sources[0]);
        var keysInRow = Sources[0].Type.Width;
        for (var i = 0; i < keys.Length; i++)
        {
            if (keys[i] - 1 < (uint)keyCount)
                target[i / keysInRow * keyCount + (int)keys[i] - 1]++;
        }

        if (block.Stored(this) is { } stored)
            BuiltVector.Store<float>(target, keyCount, stored);
    }
}

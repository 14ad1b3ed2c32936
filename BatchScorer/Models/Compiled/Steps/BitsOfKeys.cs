using BatchScorer.Batches;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Steps;

/// <summary>The binary digits of each key less one, highest first. A missing key, which is 0, is all ones.</summary>
internal sealed class BitsOfKeys(string name, Kernel source, int bits)
    : Kernel(name, new ColumnType(ValueKind.Single, bits * source.Type.Width), source)
{
    public override bool MayBeSparse => true;

    public override void Run(Block block)
    {
        var target = block.Write<float>(this);
        var at = 0;
        foreach (var key in block.Read<uint>(Sources[0]))
        {
            for (var bit = bits - 1; bit >= 0; bit--)
                target[at++] = ((key - 1) >> bit) & 1;
        }

        if (block.Stored(this) is { } stored)
            BuiltVector.Store<float>(target, Type.Width, stored);
    }
}

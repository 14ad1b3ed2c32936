using BatchScorer.Batches;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Steps;

/// <summary>Keys to the numbers they stand for; key 0 is the missing value.</summary>
internal sealed class KeyNumbers<T>(string name, ValueKind kind, Kernel source, T[] values, T missing)
    : Kernel(name, source.Type with { Kind = kind }, source)
    where T : unmanaged
{
    public override void Run(Block block)
    {
        var target = block.Write<T>(this);
        var keys = block.Read<uint>(Sources[0]);
        for (var i = 0; i < target.Length; i++)
            target[i] = keys[i] - 1 < (uint)values.Length ? values[keys[i] - 1] : missing;
    }
}

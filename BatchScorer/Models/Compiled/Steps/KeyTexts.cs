using BatchScorer.Batches;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Steps;

/// <summary>Keys to the texts they stand for; key 0 is empty.</summary>
internal sealed class KeyTexts(string name, Kernel source, byte[][] texts) : Kernel(name, source.Type with { Kind = ValueKind.Text }, source)
{
    public override void Run(Block block)
    {
        var (target, _) = block.Text(this);
        target.Truncate(0);
        foreach (var key in block.Read<uint>(Sources[0]))
            target.Append(key - 1 < (uint)texts.Length ? texts[key - 1] : []);
    }
}

using BatchScorer.Batches;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Steps;

/// <summary>Numbers to their keys; what is not in the vocabulary, and NaN, is key 0.</summary>
internal sealed class LookUpValue<T> : Kernel
    where T : unmanaged
{
    private readonly Dictionary<T, uint> keys;

    public LookUpValue(string name, Kernel source, T[] terms)
        : base(name, source.Type with { Kind = ValueKind.Key }, source)
    {
        keys = new Dictionary<T, uint>(terms.Length);
        for (var i = 0; i < terms.Length; i++)
            keys.TryAdd(terms[i], (uint)i + 1);
        KeyValues = new KeyValues(terms);
    }

    public override ulong KeyCount => (ulong)KeyValues.Count;

    public override KeyValues KeyValues { get; }

    public override void Run(Block block)
    {
        var target = block.Write<uint>(this);
        var values = block.Read<T>(Sources[0]);
        for (var i = 0; i < target.Length; i++)
            target[i] = keys.TryGetValue(values[i], out var key) ? key : 0;
    }
}

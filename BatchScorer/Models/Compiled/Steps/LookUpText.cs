using BatchScorer.Batches;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Steps;

/// <summary>Texts to their keys: byte for byte as in the vocabulary; what is not in it, and what is missing, is key 0.</summary>
internal sealed class LookUpText : Kernel
{
    private readonly Dictionary<byte[], uint>.AlternateLookup<ReadOnlySpan<byte>> keys;

    public LookUpText(string name, Kernel source, byte[][] terms)
        : base(name, source.Type with { Kind = ValueKind.Key }, source)
    {
        var numbers = new Dictionary<byte[], uint>(terms.Length, Utf8Comparer.Instance);
        for (var i = 0; i < terms.Length; i++)
            numbers.TryAdd(terms[i], (uint)i + 1);
        keys = numbers.GetAlternateLookup<ReadOnlySpan<byte>>();
        KeyValues = new KeyValues(terms);
    }

    public override ulong KeyCount => (ulong)KeyValues.Count;

    public override KeyValues KeyValues { get; }

    public override void Run(Block block)
    {
        var target = block.Write<uint>(this);
        var (texts, start) = block.Text(Sources[0]);
        for (var i = 0; i < target.Length; i++)
            target[i] = keys.TryGetValue(texts[start + i], out var key) ? key : 0;
    }
}

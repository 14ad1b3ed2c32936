using BatchScorer.Batches;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Steps;

/// <summary>Texts to their keys: byte for byte as in the vocabulary; what is not in it, and what is missing, is key 0.</summary>
internal sealed class LookUpText(string name, Kernel source, byte[][] terms) : Kernel(name, source.Type with { Kind = ValueKind.Key }, source)
{
    private readonly Vocabulary vocabulary = new(terms);

    public override ulong KeyCount => (ulong)terms.Length;

    public override KeyValues KeyValues { get; } = new(terms);

    public override void Run(Block block)
    {
        var target = block.Write<uint>(this);
        var (texts, start) = block.Text(Sources[0]);
        for (var i = 0; i < target.Length; i++)
            target[i] = vocabulary.Key(texts[start + i]);
    }
}

/// <summary>The same for rows with as many texts as they please.</summary>
internal sealed class LookUpTokens(string name, Kernel source, byte[][] terms) : KeysOfTexts(name, source)
{
    private readonly Vocabulary vocabulary = new(terms);

    public override ulong KeyCount => (ulong)terms.Length;

    public override KeyValues KeyValues { get; } = new(terms);

    protected override uint Key(ReadOnlySpan<byte> text, int slot) => vocabulary.Key(text);
}

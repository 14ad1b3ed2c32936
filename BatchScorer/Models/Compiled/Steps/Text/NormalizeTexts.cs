using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Steps.Text;

/// <summary>Applies rules to the characters of a text.</summary>
internal sealed class NormalizeTexts(string name, Kernel source, CharacterRules rules) : Kernel(name, source.Type, source)
{
    public override object CreateScratch(int rows) => new ByteRoom();

    public override void Run(Block block)
    {
        var (target, _) = block.Text(this);
        var (texts, start) = block.Text(Sources[0]);
        var room = block.Scratch<ByteRoom>(this);
        target.Truncate(0);
        for (var row = 0; row < block.Rows; row++)
        {
            var text = texts[start + row];
            var normal = room.Take(text.Length * 3);
            target.Append(normal[..rules.Apply(text, normal)]);
        }
    }
}

/// <summary>Applies rules to the characters of each text of a row. Texts that nothing remains of are left out.</summary>
internal sealed class NormalizeTokens(string name, Kernel source, CharacterRules rules) : TokensOfTexts(name, source)
{
    protected override void Add(ReadOnlySpan<byte> text, Tokens tokens)
    {
        var normal = tokens.Room(text.Length * 3);
        if (rules.Apply(text, normal) is > 0 and var length)
            tokens.AddFromRoom(length);
    }
}

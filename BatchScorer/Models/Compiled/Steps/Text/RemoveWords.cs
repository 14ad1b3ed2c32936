using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Steps.Text;

/// <summary>Leaves out texts that are empty, or in a list when written in small letters.</summary>
internal sealed class RemoveWords(string name, Kernel source, Vocabulary words) : TokensOfTexts(name, source)
{
    private static readonly CharacterRules SmallLetters = new(character => char.ToLowerInvariant(character));

    protected override void Add(ReadOnlySpan<byte> text, Tokens tokens)
    {
        var small = tokens.Room(text.Length * 3);
        small = small[..SmallLetters.Apply(text, small)];
        if (!text.IsEmpty && words.Key(small) == 0)
            tokens.Add(text);
    }
}

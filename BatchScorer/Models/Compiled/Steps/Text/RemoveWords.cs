using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Steps.Text;

/// <summary>Leaves out texts that are empty, or in a list when written in small letters.</summary>
internal sealed class RemoveWords(string name, Kernel source, Vocabulary words) : TokensKernel(name, source)
{
    private static readonly CharacterRules SmallLetters = new(character => char.ToLowerInvariant(character));

    public override void Run(Block block)
    {
        var texts = block.Texts(Sources[0]);
        var tokens = block.Scratch<Tokens>(this);
        tokens.Clear();
        for (var row = 0; row < block.Rows; row++)
        {
            var (start, end) = texts.Row(row);
            for (var i = start; i < end; i++)
            {
                var small = tokens.Room(texts[i].Length * 3);
                small = small[..SmallLetters.Apply(texts[i], small)];
                if (!texts[i].IsEmpty && words.Key(small) == 0)
                    tokens.Add(texts[i]);
            }

            tokens.EndRow();
        }
    }
}

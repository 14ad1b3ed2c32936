using BatchScorer.Batches;
using BatchScorer.Models.Compiled.Format;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Steps.Text;

/// <summary>Texts in one case, without marks, punctuation or numbers, as asked for (<c>TextNormalizerTransform</c>).</summary>
internal static class TextNormalizer
{
    private const byte Lower = 0;
    private const byte Upper = 1;
    private const byte AsItIs = 2;

    public static void Compile(ModelKey step, ModelGraph graph)
    {
        var block = step.Open();
        var pairs = ColumnPairs.Read(block);
        var letters = block.Byte();
        var (keepsMarks, keepsPunctuation, keepsNumbers) = (block.Boolean(), block.Boolean(), block.Boolean());
        block.End();
        if (letters > AsItIs)
            throw step.Fault($"it knows no case {letters}");

        var rules = new CharacterRules(character =>
        {
            if ((!keepsPunctuation && char.IsPunctuation(character)) || (!keepsNumbers && char.IsNumber(character)) || (!keepsMarks && Diacritics.IsMark(character)))
                return null;
            var letter = keepsMarks ? character : Diacritics.Remove(character);
            return letters switch
            {
                Lower => char.ToLowerInvariant(letter),
                Upper => char.ToUpperInvariant(letter),
                _ => letter,
            };
        });
        ColumnPairs.Define(graph, pairs, i => Column(step, pairs[i].Output, graph.AnyColumn(step, pairs[i].Input), rules));
    }

    private static Kernel Column(ModelKey step, string name, Kernel source, CharacterRules rules)
    {
        if (source.Type.Kind != ValueKind.Text)
            throw step.Fault($"it normalizes \"{source.Name}\", which is {source.Type} and not text");
        return source.IsRagged || source.Type.IsVector ? new NormalizeTokens(name, source, rules) : new NormalizeTexts(name, source, rules);
    }
}

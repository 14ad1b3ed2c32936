using BatchScorer.Batches;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Steps;

/// <summary>Puts columns of texts side by side in one vector.</summary>
internal sealed class ConcatenateTexts(string name, ColumnType type, Kernel[] sources) : Kernel(name, type, sources)
{
    public override void Run(Block block)
    {
        var (target, _) = block.Text(this);
        target.Truncate(0);
        for (var row = 0; row < block.Rows; row++)
        {
            foreach (var source in Sources)
            {
                var texts = block.Texts(source);
                var (start, end) = texts.Row(row);
                for (var i = start; i < end; i++)
                    target.Append(texts[i]);
            }
        }
    }
}

/// <summary>Puts columns of texts, of which some have as many a row as they please, one after another.</summary>
internal sealed class ConcatenateTokens(string name, Kernel[] sources) : TokensKernel(name, sources)
{
    public override void Run(Block block)
    {
        var tokens = block.Scratch<Tokens>(this);
        tokens.Clear();
        for (var row = 0; row < block.Rows; row++)
        {
            foreach (var source in Sources)
            {
                var texts = block.Texts(source);
                var (start, end) = texts.Row(row);
                for (var i = start; i < end; i++)
                    tokens.Add(texts[i]);
            }

            tokens.EndRow();
        }
    }
}

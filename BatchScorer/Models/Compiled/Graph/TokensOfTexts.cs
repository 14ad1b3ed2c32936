namespace BatchScorer.Models.Compiled.Graph;

/// <summary>The texts that are made of each text of a row, as many of each as it pleases.</summary>
internal abstract class TokensOfTexts(string name, Kernel source) : TokensKernel(name, source)
{
    public sealed override void Run(Block block)
    {
        var texts = block.Texts(Sources[0]);
        var tokens = block.Scratch<Tokens>(this);
        tokens.Clear();
        for (var row = 0; row < block.Rows; row++)
        {
            var (start, end) = texts.Row(row);
            for (var i = start; i < end; i++)
                Add(texts[i], tokens);
            tokens.EndRow();
        }
    }

    /// <summary>Adds what is made of a text.</summary>
    protected abstract void Add(ReadOnlySpan<byte> text, Tokens tokens);
}

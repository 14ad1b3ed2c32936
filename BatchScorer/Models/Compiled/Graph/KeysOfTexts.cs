using BatchScorer.Batches;

namespace BatchScorer.Models.Compiled.Graph;

/// <summary>The keys of the texts of a row, one each.</summary>
internal abstract class KeysOfTexts(string name, Kernel source) : RaggedKernel<uint>(name, ValueKind.Key, source)
{
    public sealed override void Run(Block block)
    {
        var texts = block.Texts(Sources[0]);
        var keys = block.Scratch<Ragged<uint>>(this);
        keys.Clear();
        for (var row = 0; row < block.Rows; row++)
        {
            var (start, end) = texts.Row(row);
            for (var i = start; i < end; i++)
                keys.Add(Key(texts[i], i - start));
            keys.EndRow();
        }
    }

    /// <summary>The key of a text; 0 when it has none.</summary>
    /// <param name="text">The text.</param>
    /// <param name="slot">Its place in the row, from 0.</param>
    protected abstract uint Key(ReadOnlySpan<byte> text, int slot);
}

using System.Text;
using BatchScorer.Batches;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Steps.Text;

/// <summary>The UTF-16 codes of texts.</summary>
/// <param name="name">The model's name of the column.</param>
/// <param name="source">Texts, of which those that are empty are left out.</param>
/// <param name="hasMarkers">Whether beginnings and ends are marked.</param>
/// <param name="marksEachText">Whether those of each text, or else those of the row, with a separator between its texts.</param>
internal sealed class SplitCharacters(string name, Kernel source, bool hasMarkers, bool marksEachText)
    : RaggedKernel<uint>(name, ValueKind.Key, source)
{
    private const uint Begin = 0x02;
    private const uint End = 0x03;
    private const uint Separator = 0x1F;

    public override ulong KeyCount => ushort.MaxValue;

    public override void Run(Block block)
    {
        var texts = block.Texts(Sources[0]);
        var keys = block.Scratch<Ragged<uint>>(this);
        keys.Clear();
        for (var row = 0; row < block.Rows; row++)
        {
            var (start, end) = texts.Row(row);
            if (hasMarkers && !marksEachText)
                keys.Add(Begin);
            for (var i = start; i < end; i++)
            {
                if (texts[i].IsEmpty)
                    continue;
                if (marksEachText ? hasMarkers : i > start)
                    keys.Add(marksEachText ? Begin : Separator);
                AddCharacters(texts[i], keys);
                if (marksEachText && hasMarkers)
                    keys.Add(End);
            }

            if (hasMarkers && !marksEachText)
                keys.Add(End);
            keys.EndRow();
        }
    }

    private static void AddCharacters(ReadOnlySpan<byte> text, Ragged<uint> keys)
    {
        while (!text.IsEmpty)
        {
            if (text[0] < 0x80)
            {
                keys.Add(text[0]);
                text = text[1..];
                continue;
            }

            Rune.DecodeFromUtf8(text, out var rune, out var length);
            text = text[length..];
            var offset = (uint)rune.Value - 0x10000;
            if (rune.IsBmp)
                keys.Add((uint)rune.Value);
            else
                AddPair(offset, keys);
        }
    }

    private static void AddPair(uint offset, Ragged<uint> keys)
    {
        keys.Add(0xD800 + (offset >> 10));
        keys.Add(0xDC00 + (offset & 0x3FF));
    }
}

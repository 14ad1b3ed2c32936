using System.Text;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Steps.Text;

/// <summary>Splits texts at separators, trims blanks off the words and leaves out empty ones.</summary>
internal sealed class SplitWords : TokensKernel
{
    private const int AsciiCount = 0x80;

    private readonly bool[] isAsciiSeparator = new bool[AsciiCount];
    private readonly byte[][] separators;

    public SplitWords(string name, Kernel source, char[] separators)
        : base(name, source)
    {
        foreach (var separator in separators.Where(char.IsAscii))
            isAsciiSeparator[separator] = true;
        this.separators = [.. separators.Where(separator => !char.IsAscii(separator)).Select(separator => Encoding.UTF8.GetBytes([separator]))];
    }

    public override void Run(Block block)
    {
        var texts = block.Texts(Sources[0]);
        var tokens = block.Scratch<Tokens>(this);
        tokens.Clear();
        for (var row = 0; row < block.Rows; row++)
        {
            var (start, end) = texts.Row(row);
            for (var i = start; i < end; i++)
                Split(texts[i], tokens);
            tokens.EndRow();
        }
    }

    private void Split(ReadOnlySpan<byte> text, Tokens tokens)
    {
        var start = 0;
        for (var at = 0; at < text.Length;)
        {
            var length = text[at] < AsciiCount ? isAsciiSeparator[text[at]] ? 1 : 0 : SeparatorAt(text[at..]);
            if (length > 0)
                Add(text[start..at], tokens);
            at += Math.Max(1, length);
            if (length > 0)
                start = at;
        }

        Add(text[start..], tokens);
    }

    private static void Add(ReadOnlySpan<byte> word, Tokens tokens)
    {
        word = word.Trim((byte)' ');
        if (!word.IsEmpty)
            tokens.Add(word);
    }

    private int SeparatorAt(ReadOnlySpan<byte> text)
    {
        foreach (var separator in separators)
        {
            if (text.StartsWith(separator))
                return separator.Length;
        }

        return 0;
    }
}

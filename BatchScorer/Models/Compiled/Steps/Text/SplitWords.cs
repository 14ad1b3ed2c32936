using System.Buffers;
using System.Text;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Steps.Text;

/// <summary>Splits texts at separators, trims blanks off the words and leaves out empty ones.</summary>
internal sealed class SplitWords : TokensOfTexts
{
    private readonly SearchValues<byte> firstBytes;
    private readonly byte[][] separators;

    public SplitWords(string name, Kernel source, char[] separators)
        : base(name, source)
    {
        this.separators = [.. separators.Select(separator => Encoding.UTF8.GetBytes([separator]))];
        firstBytes = SearchValues.Create([.. this.separators.Select(separator => separator[0])]);
    }

    protected override void Add(ReadOnlySpan<byte> text, Tokens tokens)
    {
        var at = 0;
        while (text[at..].IndexOfAny(firstBytes) is >= 0 and var found)
        {
            at += found;
            var length = SeparatorAt(text[at..]);
            if (length > 0)
            {
                AddWord(text[..at], tokens);
                text = text[(at + length)..];
                at = 0;
            }
            else
            {
                at++;
            }
        }

        AddWord(text, tokens);
    }

    private static void AddWord(ReadOnlySpan<byte> word, Tokens tokens)
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

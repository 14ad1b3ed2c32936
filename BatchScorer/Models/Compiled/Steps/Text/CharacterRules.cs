using System.Text;

namespace BatchScorer.Models.Compiled.Steps.Text;

/// <summary>What becomes of each character of a text: another one, or nothing. Texts stay UTF-8 throughout.</summary>
internal sealed class CharacterRules
{
    /// <summary>Stands for nothing. Half of a pair is never a character of its own in UTF-8.</summary>
    private const char Nothing = '\uD800';

    private readonly char[] results = new char[char.MaxValue + 1];

    /// <param name="rule">What becomes of a character, or null for nothing.</param>
    public CharacterRules(Func<char, char?> rule)
    {
        for (var character = 0; character <= char.MaxValue; character++)
            results[character] = char.IsSurrogate((char)character) ? (char)character : rule((char)character) ?? Nothing;
    }

    /// <summary>Applies the rules.</summary>
    /// <param name="utf8">A text.</param>
    /// <param name="target">Room for three times as many bytes.</param>
    /// <returns>How many bytes were written.</returns>
    public int Apply(ReadOnlySpan<byte> utf8, Span<byte> target)
    {
        var written = 0;
        for (var at = 0; at < utf8.Length;)
        {
            if (utf8[at] < 0x80)
            {
                var result = results[utf8[at++]];
                if (result < 0x80)
                    target[written++] = (byte)result;
                else if (result != Nothing)
                    written += new Rune(result).EncodeToUtf8(target[written..]);
                continue;
            }

            Rune.DecodeFromUtf8(utf8[at..], out var rune, out var length);
            if (!rune.IsBmp)
            {
                utf8.Slice(at, length).CopyTo(target[written..]);
                written += length;
            }
            else if (results[rune.Value] is not Nothing and var result)
            {
                written += new Rune(result).EncodeToUtf8(target[written..]);
            }

            at += length;
        }

        return written;
    }
}

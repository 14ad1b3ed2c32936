using BatchScorer.Batches;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Steps.Hashing;

/// <summary>Keys from the hashes of texts. Blanks around a text do not count; an empty one is missing.</summary>
internal sealed class HashTexts(string name, Kernel source, HashRule rule) : Kernel(name, source.Type with { Kind = ValueKind.Key }, source)
{
    public override ulong KeyCount => rule.KeyCount;

    public override void Run(Block block)
    {
        var target = block.Write<uint>(this);
        var (texts, start) = block.Text(Sources[0]);
        for (int i = 0, slot = 0; i < target.Length; i++, slot = slot + 1 == Type.Width ? 0 : slot + 1)
            target[i] = Key(rule, texts[start + i], slot);
    }

    public static uint Key(HashRule rule, ReadOnlySpan<byte> text, int slot)
    {
        if (text.IsEmpty)
            return 0;
        var trimmed = text.Trim((byte)' ');
        return rule.Key(rule.IsOld ? Murmur.OldText(rule.Begin(slot), trimmed) : Murmur.Text(rule.Begin(slot), trimmed));
    }
}

/// <summary>The same for rows with as many texts as they please.</summary>
internal sealed class HashTokens(string name, Kernel source, HashRule rule) : KeysOfTexts(name, source)
{
    public override ulong KeyCount => rule.KeyCount;

    protected override uint Key(ReadOnlySpan<byte> text, int slot) => HashTexts.Key(rule, text, slot);
}

/// <summary>One key from the hash of all texts of a row; 0 when one of them is missing.</summary>
internal sealed class HashRow(string name, Kernel source, HashRule rule) : Kernel(name, new ColumnType(ValueKind.Key), source)
{
    public override ulong KeyCount => rule.KeyCount;

    public override void Run(Block block)
    {
        var target = block.Write<uint>(this);
        var texts = block.Texts(Sources[0]);
        for (var row = 0; row < target.Length; row++)
        {
            var (start, end) = texts.Row(row);
            var hash = rule.Seed;
            var isMissing = false;
            for (var i = start; i < end; i++)
            {
                isMissing |= texts[i].IsEmpty;
                hash = Murmur.Text(hash, texts[i].Trim((byte)' '));
            }

            target[row] = isMissing ? 0 : rule.Key(hash);
        }
    }
}

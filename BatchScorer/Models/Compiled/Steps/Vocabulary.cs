using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Steps;

/// <summary>Texts and their numbers from 1 on, looked up without making strings.</summary>
internal sealed class Vocabulary
{
    private readonly Dictionary<byte[], uint>.AlternateLookup<ReadOnlySpan<byte>> keys;

    public Vocabulary(byte[][] terms)
    {
        var numbers = new Dictionary<byte[], uint>(terms.Length, Utf8Comparer.Instance);
        for (var i = 0; i < terms.Length; i++)
            numbers.TryAdd(terms[i], (uint)i + 1);
        keys = numbers.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>The number of a text, 0 when it has none.</summary>
    public uint Key(ReadOnlySpan<byte> utf8) => keys.TryGetValue(utf8, out var key) ? key : 0;
}

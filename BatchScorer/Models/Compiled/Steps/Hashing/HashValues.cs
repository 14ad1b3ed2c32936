using BatchScorer.Batches;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Steps.Hashing;

/// <summary>How a step hashes.</summary>
/// <param name="Bits">Bits of a hash that are kept.</param>
/// <param name="Seed">What hashes begin with.</param>
/// <param name="IsOrdered">Whether a value's place in its vector counts.</param>
/// <param name="IsOld">Whether it hashes as ML.NET did before 1.5.</param>
internal sealed record HashRule(int Bits, uint Seed, bool IsOrdered, bool IsOld)
{
    public ulong KeyCount => 1UL << Bits;

    /// <summary>The key for a finished hash.</summary>
    public uint Key(uint hash) => (hash & ((1U << Bits) - 1)) + 1;

    /// <summary>What the hash of the value in a slot begins with.</summary>
    public uint Begin(int slot) => IsOrdered ? Murmur.Round(Seed, (uint)slot) : Seed;
}

/// <summary>Keys from the hashes of values.</summary>
internal sealed class HashValues<T, THash>(string name, Kernel source, HashRule rule)
    : Kernel(name, source.Type with { Kind = ValueKind.Key }, source)
    where T : unmanaged
    where THash : struct, IValueHash<T>
{
    public override ulong KeyCount => rule.KeyCount;

    public override void Run(Block block)
    {
        var target = block.Write<uint>(this);
        var values = block.Read<T>(Sources[0]);
        for (int i = 0, slot = 0; i < target.Length; i++, slot = slot + 1 == Type.Width ? 0 : slot + 1)
            target[i] = THash.IsMissing(values[i]) ? 0 : rule.Key(Finish(THash.Add(rule.Begin(slot), values[i], rule.IsOld)));
    }

    private uint Finish(uint hash) => Murmur.Mix(rule.IsOld ? hash : hash ^ (uint)THash.Length);
}

/// <summary>One key from the hash of all values of a vector; 0 when one of them is missing.</summary>
internal sealed class HashVector<T, THash>(string name, Kernel source, HashRule rule)
    : Kernel(name, new ColumnType(ValueKind.Key), source)
    where T : unmanaged
    where THash : struct, IValueHash<T>
{
    public override ulong KeyCount => rule.KeyCount;

    public override void Run(Block block)
    {
        var target = block.Write<uint>(this);
        for (var row = 0; row < target.Length; row++)
        {
            var hash = rule.Seed;
            var isMissing = false;
            foreach (var value in block.Row<T>(Sources[0], row))
            {
                isMissing |= THash.IsMissing(value);
                hash = THash.Add(hash, value, isOld: false);
            }

            target[row] = isMissing ? 0 : rule.Key(Murmur.Mix(hash ^ (uint)(THash.Length * Sources[0].Type.Width)));
        }
    }
}

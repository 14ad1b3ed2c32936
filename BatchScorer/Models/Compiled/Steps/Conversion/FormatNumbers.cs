using System.Globalization;
using System.Numerics;
using BatchScorer.Batches;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Steps.Conversion;

/// <summary>Numbers as text, in the invariant culture.</summary>
internal sealed class FormatNumbers<T>(string name, Kernel source, string format)
    : Kernel(name, source.Type with { Kind = ValueKind.Text }, source)
    where T : unmanaged, INumberBase<T>
{
    public override void Run(Block block)
    {
        var (texts, _) = block.Text(this);
        texts.Truncate(0);
        Span<byte> text = stackalloc byte[64];
        foreach (var value in block.Read<T>(Sources[0]))
        {
            value.TryFormat(text, out var length, format, CultureInfo.InvariantCulture);
            texts.Append(text[..length]);
        }
    }
}

/// <summary>Truth values as <c>True</c> and <c>False</c>.</summary>
internal sealed class FormatBooleans(string name, Kernel source) : Kernel(name, source.Type with { Kind = ValueKind.Text }, source)
{
    public override void Run(Block block)
    {
        var (texts, _) = block.Text(this);
        texts.Truncate(0);
        foreach (var value in block.Read<bool>(Sources[0]))
            texts.Append(value ? "True"u8 : "False"u8);
    }
}

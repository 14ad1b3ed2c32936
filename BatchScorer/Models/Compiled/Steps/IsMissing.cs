using System.Numerics;
using BatchScorer.Batches;
using BatchScorer.Models.Compiled.Graph;
using BatchScorer.Models.Compiled.Steps.Conversion;

namespace BatchScorer.Models.Compiled.Steps;

/// <summary>Whether values are missing.</summary>
internal sealed class IsMissing<T, TTest>(string name, Kernel source) : Kernel(name, source.Type with { Kind = ValueKind.Boolean }, source)
    where T : unmanaged
    where TTest : struct, IConversion<T, bool>
{
    public override bool MayBeSparse => Type.IsVector;

    public override void Run(Block block)
    {
        var target = block.Write<bool>(this);
        var values = block.Read<T>(Sources[0]);
        for (var i = 0; i < target.Length; i++)
            target[i] = TTest.Convert(values[i]);
        if (block.Stored(this) is { } stored)
            BuiltVector.Store<bool>(target, Type.Width, stored);
    }
}

/// <summary>A float is missing when it is NaN.</summary>
internal readonly struct IsNaN<T> : IConversion<T, bool>
    where T : INumberBase<T>
{
    public static bool Convert(T value) => T.IsNaN(value);
}

/// <summary>A key is missing when it is 0.</summary>
internal readonly struct IsZero : IConversion<uint, bool>
{
    public static bool Convert(uint value) => value == 0;
}

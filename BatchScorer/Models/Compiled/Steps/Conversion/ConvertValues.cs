using System.Numerics;
using BatchScorer.Batches;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Steps.Conversion;

/// <summary>How one value becomes another.</summary>
internal interface IConversion<TFrom, TTo>
{
    static abstract TTo Convert(TFrom value);
}

/// <summary>Converts a column of fixed-size values.</summary>
internal sealed class ConvertValues<TFrom, TTo, TConversion>(string name, Kernel source, ValueKind target)
    : Kernel(name, source.Type with { Kind = target }, source)
    where TFrom : unmanaged
    where TTo : unmanaged
    where TConversion : struct, IConversion<TFrom, TTo>
{
    public override bool MayBeSparse { get; } = source.MayBeSparse;

    public override void Run(Block block)
    {
        var target = block.Write<TTo>(this);
        var values = block.Read<TFrom>(Sources[0]);
        for (var i = 0; i < target.Length; i++)
            target[i] = TConversion.Convert(values[i]);
        block.Stored(this)?.CopyFrom(block.Stored(Sources[0])!, block.Rows);
    }
}

/// <summary>As C# casts: integers keep their low bits, floats are rounded to nearest.</summary>
internal readonly struct Cast<TFrom, TTo> : IConversion<TFrom, TTo>
    where TFrom : INumberBase<TFrom>
    where TTo : INumberBase<TTo>
{
    public static TTo Convert(TFrom value) => TTo.CreateTruncating(value);
}

/// <summary>An unsigned integer that does not fit is 0.</summary>
internal readonly struct InRangeOrZero<TFrom, TTo> : IConversion<TFrom, TTo>
    where TFrom : INumberBase<TFrom>
    where TTo : INumberBase<TTo>
{
    public static TTo Convert(TFrom value)
    {
        var converted = TTo.CreateTruncating(value);
        return TFrom.CreateTruncating(converted) == value ? converted : TTo.Zero;
    }
}

/// <summary>True for all but 0; NaN is true.</summary>
internal readonly struct IsNotZero<T> : IConversion<T, bool>
    where T : INumberBase<T>
{
    public static bool Convert(T value) => value != T.Zero;
}

/// <summary>1 for true, 0 for false.</summary>
internal readonly struct OneOrZero<T> : IConversion<bool, T>
    where T : INumberBase<T>
{
    public static T Convert(bool value) => value ? T.One : T.Zero;
}

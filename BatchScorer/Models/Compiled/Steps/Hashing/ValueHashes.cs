using System.Numerics;

namespace BatchScorer.Models.Compiled.Steps.Hashing;

/// <summary>How a value of one type is hashed.</summary>
internal interface IValueHash<T>
{
    /// <summary>Bytes that a value counts for.</summary>
    static abstract int Length { get; }

    /// <summary>Whether a value has no hash but key 0.</summary>
    static abstract bool IsMissing(T value);

    /// <summary>Takes a value into a hash; before ML.NET 1.5 without upper halves that are 0.</summary>
    static abstract uint Add(uint hash, T value, bool isOld);
}

/// <summary>Integers of up to 32 bits, with their sign.</summary>
internal readonly struct IntegerHash<T> : IValueHash<T>
    where T : IBinaryInteger<T>
{
    public static int Length => sizeof(uint);

    public static bool IsMissing(T value) => false;

    public static uint Add(uint hash, T value, bool isOld) => Murmur.Round(hash, uint.CreateTruncating(value));
}

/// <summary>Integers of 64 bits.</summary>
internal readonly struct LongHash<T> : IValueHash<T>
    where T : IBinaryInteger<T>
{
    public static int Length => sizeof(ulong);

    public static bool IsMissing(T value) => false;

    public static uint Add(uint hash, T value, bool isOld) => AddHalves(hash, ulong.CreateTruncating(value), isOld);

    public static uint AddHalves(uint hash, ulong bits, bool isOld)
    {
        hash = Murmur.Round(hash, (uint)bits);
        return isOld && bits >> 32 == 0 ? hash : Murmur.Round(hash, (uint)(bits >> 32));
    }
}

/// <summary>Keys; 0 is missing.</summary>
internal readonly struct KeyHash : IValueHash<uint>
{
    public static int Length => sizeof(uint);

    public static bool IsMissing(uint value) => value == 0;

    public static uint Add(uint hash, uint value, bool isOld) => Murmur.Round(hash, value);
}

/// <summary>Truth values.</summary>
internal readonly struct BooleanHash : IValueHash<bool>
{
    public static int Length => sizeof(uint);

    public static bool IsMissing(bool value) => false;

    public static uint Add(uint hash, bool value, bool isOld) => Murmur.Round(hash, value ? 1U : 0U);
}

/// <summary>Floats; NaN is missing, and there is only one zero.</summary>
internal readonly struct SingleHash : IValueHash<float>
{
    public static int Length => sizeof(float);

    public static bool IsMissing(float value) => float.IsNaN(value);

    public static uint Add(uint hash, float value, bool isOld) => Murmur.Round(hash, value == 0 ? 0 : BitConverter.SingleToUInt32Bits(value));
}

/// <summary>Doubles; NaN is missing, and there is only one zero.</summary>
internal readonly struct DoubleHash : IValueHash<double>
{
    public static int Length => sizeof(double);

    public static bool IsMissing(double value) => double.IsNaN(value);

    public static uint Add(uint hash, double value, bool isOld) =>
        LongHash<ulong>.AddHalves(hash, value == 0 ? 0 : BitConverter.DoubleToUInt64Bits(value), isOld);
}

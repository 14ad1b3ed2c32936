using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Steps.Text;

/// <summary>How long runs are.</summary>
/// <param name="Length">Keys in a run, at most.</param>
/// <param name="Skips">Keys that may be left out between them, in all.</param>
internal readonly record struct NgramShape(int Length, int Skips)
{
    private const int LongestWithSkips = 10;

    public bool IsSound => Length >= 1 && Skips >= 0 && Skips <= LongestWithSkips - Length;
}

/// <summary>Says which slot a run of keys has, key by key.</summary>
internal interface INgramIndex
{
    /// <summary>Where a run stands that has no keys yet.</summary>
    int Begin { get; }

    /// <summary>Takes a run one key further; false when no run goes on so.</summary>
    /// <param name="at">Where the run stands.</param>
    /// <param name="key">The next key.</param>
    /// <param name="length">Keys it has with this one.</param>
    /// <param name="slot">The slot of the run that ends here, or a negative number.</param>
    bool TryNext(ref int at, uint key, int length, out int slot);
}

/// <summary>Goes through all runs in a sequence of keys, in ML.NET's order.</summary>
internal static class NgramWalk
{
    /// <param name="index">What knows the slots.</param>
    /// <param name="shape">How long runs are.</param>
    /// <param name="keys">The sequence.</param>
    /// <param name="keyCount">The largest key; a larger one counts as missing. 0 when there is none.</param>
    /// <param name="counter">What counts the slots.</param>
    public static void Count<TIndex>(TIndex index, NgramShape shape, ReadOnlySpan<uint> keys, ulong keyCount, SlotCounter counter)
        where TIndex : struct, INgramIndex
    {
        var walk = new Walk<TIndex>(index, shape, keyCount == 0 ? uint.MaxValue : (uint)Math.Min(keyCount, uint.MaxValue), counter);
        for (var i = 0; i < keys.Length; i++)
        {
            var window = keys.Slice(i, Math.Min(keys.Length - i, shape.Length + shape.Skips));
            if (shape.Skips == 0)
                walk.Follow(window);
            else
                walk.FollowWithSkips(index.Begin, window, length: 0, skipped: 0);
        }
    }

    private readonly struct Walk<TIndex>(TIndex index, NgramShape shape, uint largestKey, SlotCounter counter)
        where TIndex : struct, INgramIndex
    {
        private readonly TIndex index = index;

        /// <summary>Runs from the first key of a window on.</summary>
        public void Follow(ReadOnlySpan<uint> window)
        {
            var at = index.Begin;
            for (var i = 0; i < window.Length; i++)
            {
                if (!Step(ref at, window[i], i + 1))
                    return;
            }
        }

        /// <summary>Goes on with a run, in which the first key is never skipped.</summary>
        public void FollowWithSkips(int at, ReadOnlySpan<uint> window, int length, int skipped)
        {
            var mostSkips = length == 0 ? 0 : shape.Skips;
            for (var skips = skipped; skips <= mostSkips && length + skips < window.Length; skips++)
            {
                var next = at;
                if (Step(ref next, window[length + skips], length + 1) && length + 1 < shape.Length)
                    FollowWithSkips(next, window, length + 1, skips);
            }
        }

        private bool Step(ref int at, uint key, int length)
        {
            if (key > largestKey)
                key = 0;
            if (!index.TryNext(ref at, key, length, out var slot))
                return false;
            if (slot >= 0)
                counter.Add(slot);
            return true;
        }
    }
}

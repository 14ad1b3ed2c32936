using BatchScorer.Profiles;

namespace BatchScorer.Drift;

/// <summary>A bin that two histograms share.</summary>
/// <param name="Least">The least number in it.</param>
/// <param name="Greatest">The greatest.</param>
/// <param name="Reference">Rows of the sample that is compared with.</param>
/// <param name="Current">Rows of the sample in question.</param>
internal readonly record struct AlignedBin(double Least, double Greatest, long Reference, long Current);

/// <summary>Two histograms on the bins of the coarser one, from the least numbers to the greatest.</summary>
internal sealed class AlignedBins
{
    // Beside the groups' own numbers.
    private const long Below = -1;
    private const long Between = long.MaxValue - 1;
    private const long Above = long.MaxValue;

    /// <summary>Into how many groups of about as many rows the reference is divided.</summary>
    public const int Groups = 20;

    public AlignedBins(Histogram reference, Histogram current)
    {
        var bits = Math.Min(reference.Bits, current.Bits);
        var (one, two) = (reference.With(bits), current.With(bits));
        Bins =
        [
            .. one.Bins.Select(bin => (bin.Key, Reference: bin.Rows, Current: 0L)).Concat(two.Bins.Select(bin => (bin.Key, Reference: 0L, Current: bin.Rows)))
                .GroupBy(bin => bin.Key)
                .OrderBy(same => same.Key)
                .Select(same => new AlignedBin(
                    one.BoundsOf(same.Key).Least, one.BoundsOf(same.Key).Greatest, same.Sum(bin => bin.Reference), same.Sum(bin => bin.Current))),
        ];
    }

    public IReadOnlyList<AlignedBin> Bins { get; }

    /// <summary>The groups of <see cref="Grouped"/>, each with its bounds.</summary>
    public IEnumerable<AlignedBin> Bars()
    {
        var groups = GroupOfEach();
        return Bins.Select((bin, i) => (Bin: bin, Group: groups[i])).GroupBy(pair => pair.Group).Select(same => new AlignedBin(
            same.First().Bin.Least, same.Last().Bin.Greatest, same.Sum(pair => pair.Bin.Reference), same.Sum(pair => pair.Bin.Current)));
    }

    /// <summary>
    /// The rows in <see cref="Groups"/> groups, each with about as many of the reference's, or in one for each of its values where these are
    /// no more, and one for all values between. Rows below all of the reference's have a group, and so have those above.
    /// </summary>
    public GroupedRows Grouped()
    {
        var bars = Bars().ToList();
        return new GroupedRows([.. bars.Select(bar => bar.Reference)], [.. bars.Select(bar => bar.Current)]);
    }

    private long[] GroupOfEach()
    {
        var first = Bins.TakeWhile(bin => bin.Reference == 0).Count();
        var last = Bins.Count - Bins.Reverse().TakeWhile(bin => bin.Reference == 0).Count();
        var all = Bins.Sum(bin => bin.Reference);
        var few = Bins.Count(bin => bin.Reference > 0) <= Groups;
        var groups = new long[Bins.Count];
        var (before, group) = (0L, Below);
        for (var i = 0; i < Bins.Count; i++)
        {
            if (i >= last)
                group = Above;
            else if (i >= first && Bins[i].Reference > 0)
                group = few ? i : (long)((Int128)before * Groups / all);
            else if (i >= first && few)
                group = Between;
            groups[i] = group;
            before += Bins[i].Reference;
        }

        return groups;
    }
}

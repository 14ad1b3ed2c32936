namespace BatchScorer.Reports.Timelines;

/// <summary>What one partition of a process did, in order.</summary>
/// <param name="Host">The process's host.</param>
/// <param name="ProcessId">The process.</param>
/// <param name="Partition">The partition, from 1. The ledger does not number them: side by side attempts lie in different ones.</param>
internal sealed record Lane(string Host, int ProcessId, int Partition, List<Bar> Bars)
{
    /// <summary>Puts bars into lanes, those of a process into as few as it takes for no two to overlap.</summary>
    public static IReadOnlyList<Lane> Of(IEnumerable<Bar> bars)
    {
        var lanes = new List<Lane>();
        foreach (var bar in bars.OrderBy(bar => bar.Start))
        {
            var (host, process) = (bar.Attempts[0].Host, bar.Attempts[0].ProcessId);
            var ofProcess = lanes.Where(lane => (lane.Host, lane.ProcessId) == (host, process)).ToList();
            if (ofProcess.Find(lane => lane.Bars[^1].End <= bar.Start) is { } free)
                free.Bars.Add(bar);
            else
                lanes.Add(new Lane(host, process, ofProcess.Count + 1, [bar]));
        }

        return [.. lanes.OrderBy(lane => lane.Bars[0].Start).GroupBy(lane => (lane.Host, lane.ProcessId)).SelectMany(process => process)];
    }

    /// <summary>The bars, with those joined that are too short to be seen apart and of which there is nothing to tell.</summary>
    /// <param name="axis">How long they are drawn.</param>
    /// <param name="least">The least length of a bar that stands alone, in percent of the axis.</param>
    public IReadOnlyList<Bar> Joined(TimeAxis axis, double least)
    {
        var joined = new List<Bar>();
        foreach (var bar in Bars)
        {
            if (joined.Count > 0 && joined[^1] is { IsPlain: true } last && bar.IsPlain && axis.Place(last.End) - axis.Place(last.Start) < least && axis.Place(bar.Start) - axis.Place(last.End) < least)
                joined[^1] = new Bar(last.Start, bar.End, [.. last.Attempts, .. bar.Attempts]);
            else
                joined.Add(bar);
        }

        return joined;
    }
}

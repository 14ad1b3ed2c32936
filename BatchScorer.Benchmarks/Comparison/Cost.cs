using System.Globalization;

namespace BatchScorer.Benchmarks.Comparison;

/// <summary>What a contender took.</summary>
/// <param name="Rows">The rows it has written.</param>
/// <param name="Elapsed">By the clock.</param>
/// <param name="Client">Processor time of this process, all threads.</param>
/// <param name="Server">Processor time of the server's processes.</param>
/// <param name="PeakBytes">The most memory that this process had resident at once.</param>
/// <param name="AllocatedBytes">On the managed heap, by all threads.</param>
internal sealed record Cost(long Rows, TimeSpan Elapsed, TimeSpan Client, TimeSpan Server, long PeakBytes, long AllocatedBytes)
{
    public double RowsPerSecond => Rows / Elapsed.TotalSeconds;

    public double AllocatedPerRow => (double)AllocatedBytes / Rows;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{RowsPerSecond,9:N0} rows/s  client {Client.TotalSeconds,6:N2} s  server {Server.TotalSeconds,6:N2} s  peak {PeakBytes / 1e6,5:N0} MB  {AllocatedPerRow,7:N0} bytes/row");
}

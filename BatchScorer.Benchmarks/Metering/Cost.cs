using System.Globalization;

namespace BatchScorer.Benchmarks.Metering;

/// <summary>What a way to score the table took.</summary>
/// <param name="Rows">The rows it has written.</param>
/// <param name="Elapsed">By the clock.</param>
/// <param name="Client">Processor time of the client's processes.</param>
/// <param name="Server">Processor time of the server's processes.</param>
/// <param name="PeakBytes">The most memory that each of the client's processes had resident at once, in all.</param>
/// <param name="AllocatedBytes">On the managed heap of the client, by all threads; null where it has none.</param>
internal sealed record Cost(long Rows, TimeSpan Elapsed, TimeSpan Client, TimeSpan Server, long PeakBytes, long? AllocatedBytes)
{
    public double RowsPerSecond => Rows / Elapsed.TotalSeconds;

    public double? AllocatedPerRow => (double?)AllocatedBytes / Rows;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{RowsPerSecond,9:N0} rows/s  client {Client.TotalSeconds,6:N2} s  server {Server.TotalSeconds,6:N2} s  peak {PeakBytes / 1e6,5:N0} MB  {AllocatedPerRow,7:N0} bytes/row");
}

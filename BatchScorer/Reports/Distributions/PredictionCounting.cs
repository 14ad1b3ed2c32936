using Dapper;
using Npgsql;

namespace BatchScorer.Reports.Distributions;

/// <summary>Counts the predictions of a run and of the one before.</summary>
/// <param name="connection">What to read by.</param>
/// <param name="table">The predictions table as SQL.</param>
/// <param name="runId">The run.</param>
/// <param name="previous">The run before, if any.</param>
/// <param name="days">The days by which both runs' predictions are partitioned.</param>
internal sealed class PredictionCounting(NpgsqlConnection connection, string table, long runId, long? previous, DateOnly[] days)
{
    private const int MostBins = 24;
    private const int MostValues = 8;
    private const int LongestValue = 120;

    /// <summary>The distributions of numbers; those left out that have none in either run.</summary>
    public async Task<IReadOnlyList<NumberDistribution>> NumbersAsync(IReadOnlyList<ScoredColumn> columns, CancellationToken cancellationToken)
    {
        if (columns.Count == 0)
            return [];
        var ranges = (await QueryAsync<RangeRow>(DistributionQueries.Ranges(table, columns), new { runId, previous, days }, cancellationToken)).ToLookup(range => range.No);
        var scales = columns.Select((column, no) => BinScale.Of(no, column.IsWhole, ranges[no].Where(range => range.Counted > 0).ToList())).OfType<BinScale>().ToList();
        var counts = await QueryAsync<BinRow>(
            DistributionQueries.Bins(table, columns),
            new
            {
                runId, previous, days,
                nos = scales.Select(scale => scale.No).ToArray(), lows = scales.Select(scale => scale.Low).ToArray(),
                highs = scales.Select(scale => scale.High).ToArray(), bins = scales.Select(scale => scale.Bins).ToArray(),
            },
            cancellationToken);
        var rows = counts.ToDictionary(count => (count.No, count.Bin, count.IsNow), count => count.Rows);
        return [.. scales.Select(scale => Distribution(columns[scale.No].Name, scale, [.. ranges[scale.No]], rows))];
    }

    /// <summary>The distributions of texts and booleans; those left out that have no value in either run.</summary>
    public async Task<IReadOnlyList<ValueDistribution>> ValuesAsync(IReadOnlyList<ScoredColumn> columns, CancellationToken cancellationToken)
    {
        if (columns.Count == 0)
            return [];
        var rows = await QueryAsync<ValueRow>(
            DistributionQueries.Values(table, columns), new { runId, previous, days, most = MostValues, longest = LongestValue }, cancellationToken);
        return [.. rows.GroupBy(row => row.No).Where(output => output.Any(row => !row.IsLeft)).Select(output => Distribution(columns[output.Key].Name, [.. output]))];
    }

    private static NumberDistribution Distribution(string name, BinScale scale, IReadOnlyList<RangeRow> ranges, Dictionary<(int No, int Bin, bool IsNow), long> rows)
    {
        var (now, then) = (ranges.FirstOrDefault(range => range.IsNow), ranges.FirstOrDefault(range => !range.IsNow));
        var bins = Enumerable.Range(0, scale.Bins).Select(bin => new NumberBin(
            scale.Edge(bin), scale.Edge(bin + 1), new Pair(rows.GetValueOrDefault((scale.No, bin, true)), rows.GetValueOrDefault((scale.No, bin, false)))));
        return new NumberDistribution(name, [.. bins])
        {
            Counted = new Pair(now?.Counted ?? 0, then?.Counted ?? 0),
            Left = new Pair(now?.Left ?? 0, then?.Left ?? 0),
            Now = now?.Summary ?? new NumberSummary(double.NaN, double.NaN, double.NaN),
            Then = then?.Summary,
        };
    }

    private static ValueDistribution Distribution(string name, IReadOnlyList<ValueRow> rows)
    {
        var shown = rows.Where(row => !row.IsLeft).ToList();
        return new ValueDistribution(
            name,
            [.. shown.Where(row => row.Place <= MostValues).Select(row => (row.Value!, row.Rows))],
            shown.Find(row => row.Place > MostValues)?.Rows ?? default)
        {
            Counted = new Pair(shown.Sum(row => row.Now), shown.Sum(row => row.Then)),
            Left = new Pair(rows.Where(row => row.IsLeft).Sum(row => row.Now), rows.Where(row => row.IsLeft).Sum(row => row.Then)),
        };
    }

    private async Task<List<T>> QueryAsync<T>(string sql, object parameters, CancellationToken cancellationToken) =>
        (await connection.QueryAsync<T>(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken))).AsList();

    /// <summary>The bins of one output: equal in width, and for whole numbers of few values one a value.</summary>
    private sealed record BinScale(int No, double Low, double High, int Bins)
    {
        public static BinScale? Of(int no, bool isWhole, IReadOnlyList<RangeRow> ranges)
        {
            if (ranges.Count == 0)
                return null;
            var (least, greatest) = (ranges.Min(range => range.Least!.Value), ranges.Max(range => range.Greatest!.Value));
            if (isWhole && greatest - least < MostBins)
                return new BinScale(no, least - 0.5, greatest + 0.5, (int)(greatest - least) + 1);
            // All rows have the same value: it stands in the middle of one bin.
            var margin = Math.Max(1e-6, Math.Abs(least) * 1e-6);
            return greatest > least ? new BinScale(no, least, greatest, MostBins) : new BinScale(no, least - margin, greatest + margin, 1);
        }

        public double Edge(int bin) => bin == Bins ? High : Low + (High - Low) / Bins * bin;
    }

    private sealed record RangeRow
    {
        public required int No { get; init; }

        public required bool IsNow { get; init; }

        public required long Rows { get; init; }

        public required long Counted { get; init; }

        public double? Least { get; init; }

        public double? Greatest { get; init; }

        public double? Mean { get; init; }

        public long Left => Rows - Counted;

        public NumberSummary? Summary => Counted > 0 ? new NumberSummary(Least!.Value, Mean!.Value, Greatest!.Value) : null;
    }

    private sealed record BinRow
    {
        public required int No { get; init; }

        public required bool IsNow { get; init; }

        public required int Bin { get; init; }

        public required long Rows { get; init; }
    }

    private sealed record ValueRow
    {
        public required int No { get; init; }

        public required bool IsLeft { get; init; }

        public string? Value { get; init; }

        public required long Place { get; init; }

        public required long Now { get; init; }

        public required long Then { get; init; }

        public Pair Rows => new(Now, Then);
    }
}

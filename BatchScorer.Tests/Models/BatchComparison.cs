using BatchScorer.Batches;

namespace BatchScorer.Tests.Models;

/// <summary>Compares what a model answered with what it should have: NaN equal to NaN, −0 equal to 0.</summary>
internal static class BatchComparison
{
    /// <summary>Names the first few differences, one each column; empty when there are none.</summary>
    /// <param name="actual">The answers.</param>
    /// <param name="expected">What they should be, in columns of the same names and types.</param>
    /// <param name="tolerance">The relative difference floats may have; 0 for the same bits.</param>
    public static IReadOnlyList<string> Differences(Batch actual, Batch expected, double tolerance = 0) =>
        actual.RowCount == expected.RowCount
            ? [.. expected.Columns.Select(column => Difference(actual[column.Name], column, expected.RowCount, tolerance)).OfType<string>()]
            : [$"{actual.RowCount} rows instead of {expected.RowCount}"];

    private static string? Difference(Column actual, Column expected, int rows, double tolerance)
    {
        if (actual.Type != expected.Type)
            return $"{expected.Name} is {actual.Type} instead of {expected.Type}";
        for (var i = 0; i < rows * expected.Type.Width; i++)
        {
            var (value, wanted) = (actual.ValueAt(i), expected.ValueAt(i));
            if (!AreSame(value, wanted, tolerance))
                return $"{expected.Name}, row {i / expected.Type.Width}: {value} instead of {wanted}";
        }

        return null;
    }

    private static bool AreSame(object value, object wanted, double tolerance) => (value, wanted) switch
    {
        (float x, float y) => x.Equals(y) || (tolerance > 0 && Math.Abs((double)x - y) <= tolerance * Math.Max(Math.Abs((double)x), Math.Abs((double)y))),
        _ => value.Equals(wanted),
    };
}

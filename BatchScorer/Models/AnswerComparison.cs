using System.Globalization;
using BatchScorer.Batches;

namespace BatchScorer.Models;

/// <summary>Where two answers to the same rows differ.</summary>
internal readonly record struct AnswerDifference(string Column, int Row, string Value, string Other);

/// <summary>Compares what two engines answered to the same rows: NaN equal to NaN, −0 equal to 0.</summary>
internal static class AnswerComparison
{
    /// <summary>The relative difference allowed where floats may have been added in different orders.</summary>
    private const double FloatTolerance = 1e-6;

    /// <summary>The difference that a model's answers may have from those that another engine, or another machine, gave.</summary>
    public static double ToleranceOf(IModel model) => model.AddsFloats ? FloatTolerance : 0;

    /// <summary>The first difference, or null.</summary>
    /// <param name="answers">One engine's answers.</param>
    /// <param name="others">The other's.</param>
    /// <param name="leftOut">Rows that have no answers.</param>
    /// <param name="tolerance">
    /// The difference floats may have, relative to the larger of the two or of the column's median: sums near zero are as
    /// precise as what was added. Where a float of a row differs within it, the row's labels may differ too.
    /// </param>
    public static AnswerDifference? Difference(Batch answers, Batch others, IReadOnlySet<int> leftOut, double tolerance)
    {
        var isInexact = new bool[answers.RowCount];
        foreach (var column in answers.Columns.OrderBy(column => column is not Column<float>))
        {
            var other = others.Columns.FirstOrDefault(candidate => candidate.Name == column.Name);
            if (other?.Type != column.Type)
                return new AnswerDifference(column.Name, 0, column.Type.ToString(), other?.Type.ToString() ?? "missing");
            var scale = column is Column<float> floats && tolerance > 0 ? Median(floats.Values.AsSpan(0, answers.RowCount * column.Type.Width)) : 0;
            for (var i = 0; i < answers.RowCount * column.Type.Width; i++)
            {
                var row = i / column.Type.Width;
                var (value, wanted) = (column.ValueAt(i), other.ValueAt(i));
                if (leftOut.Contains(row) || value.Equals(wanted))
                    continue;
                if (value is float x && wanted is float y ? !IsNear(x, y, scale, tolerance) : !isInexact[row])
                    return new AnswerDifference(column.Name, row, Text(value), Text(wanted));
                isInexact[row] = true;
            }
        }

        return null;
    }

    private static bool IsNear(float x, float y, double scale, double tolerance) =>
        Math.Abs((double)x - y) <= tolerance * Math.Max(scale, Math.Max(Math.Abs((double)x), Math.Abs((double)y))) && float.IsFinite(x) && float.IsFinite(y);

    private static double Median(ReadOnlySpan<float> values)
    {
        var magnitudes = new List<double>(values.Length);
        foreach (var value in values)
        {
            if (float.IsFinite(value))
                magnitudes.Add(Math.Abs(value));
        }

        magnitudes.Sort();
        return magnitudes.Count == 0 ? 0 : magnitudes[magnitudes.Count / 2];
    }

    private static string Text(object value) => string.Create(CultureInfo.InvariantCulture, $"{value}");
}

using BatchScorer.Batches;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Predictors.Factorization;

/// <summary>The product of a row's and a column's vector, summed in order in float; NaN where either key is missing.</summary>
/// <param name="rows">Keys of rows.</param>
/// <param name="columns">Keys of columns.</param>
/// <param name="left">The rows' vectors, one after another.</param>
/// <param name="right">The columns' vectors.</param>
/// <param name="rank">Length of each vector.</param>
internal sealed class ProductOfFactors(Kernel rows, Kernel columns, float[] left, float[] right, int rank)
    : Kernel("Score", new ColumnType(ValueKind.Single), rows, columns)
{
    public override void Run(Block block)
    {
        var target = block.Write<float>(this);
        var rowKeys = block.Read<uint>(Sources[0]);
        var columnKeys = block.Read<uint>(Sources[1]);
        for (var i = 0; i < target.Length; i++)
        {
            var (row, column) = (rowKeys[i] - 1L, columnKeys[i] - 1L);
            target[i] = row >= 0 && column >= 0 && row < left.Length / rank && column < right.Length / rank
                ? Product(left.AsSpan((int)row * rank, rank), right.AsSpan((int)column * rank, rank))
                : float.NaN;
        }
    }

    private static float Product(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        float sum = 0;
        for (var i = 0; i < x.Length; i++)
            sum += x[i] * y[i];
        return sum;
    }
}

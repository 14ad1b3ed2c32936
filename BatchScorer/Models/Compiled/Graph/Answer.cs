using BatchScorer.Batches;

namespace BatchScorer.Models.Compiled.Graph;

/// <summary>Takes what kernels made to the batch of outputs.</summary>
internal static class Answer
{
    /// <summary>Copies a block's rows of one column.</summary>
    /// <param name="block">The block that was scored.</param>
    /// <param name="kernel">The column.</param>
    /// <param name="target">The column of the batch.</param>
    /// <param name="start">The first row there.</param>
    public static void Copy(Block block, Kernel kernel, Column target, int start)
    {
        switch (target)
        {
            case Column<float> column: Copy(block, kernel, column, start); break;
            case Column<bool> column: Copy(block, kernel, column, start); break;
            case Column<double> column: Copy(block, kernel, column, start); break;
            case Column<uint> column: Copy(block, kernel, column, start); break;
            case Column<int> column: Copy(block, kernel, column, start); break;
            case Column<long> column: Copy(block, kernel, column, start); break;
            case Column<ulong> column: Copy(block, kernel, column, start); break;
            case Column<short> column: Copy(block, kernel, column, start); break;
            case Column<ushort> column: Copy(block, kernel, column, start); break;
            case Column<byte> column: Copy(block, kernel, column, start); break;
            case Column<sbyte> column: Copy(block, kernel, column, start); break;
            case TextColumn column:
                var (texts, first) = block.Text(kernel);
                for (var i = 0; i < block.Rows * kernel.Type.Width; i++)
                    column.Append(texts[first + i]);
                break;
            default:
                throw new ArgumentException($"No kernel makes a {target.GetType().Name}.", nameof(target));
        }
    }

    private static void Copy<T>(Block block, Kernel kernel, Column<T> target, int start)
        where T : unmanaged => block.Read<T>(kernel).CopyTo(target.Values.AsSpan(start * kernel.Type.Width));
}

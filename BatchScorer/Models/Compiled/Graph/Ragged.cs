namespace BatchScorer.Models.Compiled.Graph;

/// <summary>Rows of as many values as each has, one after another.</summary>
/// <param name="rows">Rows there is room for.</param>
internal sealed class Ragged<T>(int rows)
    where T : unmanaged
{
    private const int LeastRoom = 256;

    private readonly int[] ends = new int[rows];
    private T[] values = new T[LeastRoom];
    private int rowCount;
    private int count;

    /// <summary>The index of a row's first value.</summary>
    public int Start(int row) => row == 0 ? 0 : ends[row - 1];

    /// <summary>The values of a row.</summary>
    public ReadOnlySpan<T> Row(int row) => values.AsSpan(Start(row), ends[row] - Start(row));

    /// <summary>A value by its index over all rows.</summary>
    public T this[int index] => values[index];

    /// <summary>Forgets all rows.</summary>
    public void Clear() => (rowCount, count) = (0, 0);

    /// <summary>Adds a value to the row being written.</summary>
    public void Add(T value)
    {
        if (count == values.Length)
            Array.Resize(ref values, 2 * count);
        values[count++] = value;
    }

    /// <summary>Ends the row being written.</summary>
    public void EndRow() => ends[rowCount++] = count;
}

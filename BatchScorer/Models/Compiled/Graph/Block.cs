using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using BatchScorer.Batches;

namespace BatchScorer.Models.Compiled.Graph;

/// <summary>
/// The room in which one thread scores one block of rows after another: a column for each kernel, reused. Not thread-safe.
/// </summary>
internal sealed class Block
{
    private readonly Column?[] columns;
    private readonly SparseRows?[] sparse;
    private readonly StoredSlots?[] storedSlots;
    private readonly object?[] scratch;
    private readonly List<RowFault> faults = [];
    private int inputStart;

    /// <param name="kernels">The kernels in the order they run, each with its place in that order as its slot.</param>
    /// <param name="capacity">Rows a block has room for.</param>
    public Block(IReadOnlyList<Kernel> kernels, int capacity)
    {
        Capacity = capacity;
        columns = [.. kernels.Select(kernel => kernel.CreateColumn(capacity))];
        sparse = [.. kernels.Select(kernel => kernel.IsSparse ? new SparseRows(capacity, kernel.Type.Width, kernel.IsReadDensely) : null)];
        storedSlots = [.. kernels.Select(kernel => kernel.TracksStoredSlots && !kernel.IsSparse ? new StoredSlots(capacity, kernel.Type.Width) : null)];
        scratch = [.. kernels.Select(kernel => kernel.CreateScratch(capacity))];
    }

    /// <summary>Rows there is room for.</summary>
    public int Capacity { get; }

    /// <summary>Rows being scored.</summary>
    public int Rows { get; private set; }

    /// <summary>Turns to rows of a batch.</summary>
    /// <param name="inputs">The model's inputs, in the order of the first kernels.</param>
    /// <param name="start">The first row.</param>
    /// <param name="rows">How many.</param>
    public void Begin(Batch inputs, int start, int rows)
    {
        Rows = rows;
        inputStart = start;
        faults.Clear();
        for (var i = 0; i < inputs.Columns.Count; i++)
            columns[i] = inputs.Columns[i];
    }

    /// <summary>The values of a column, row after row.</summary>
    public ReadOnlySpan<T> Read<T>(Kernel kernel)
        where T : unmanaged
    {
        if (kernel.IsSparse)
            return MemoryMarshal.Cast<float, T>(Sparse(kernel).Dense());
        var width = kernel.Type.Width;
        var start = kernel is InputColumn ? inputStart * width : 0;
        return Unsafe.As<Column<T>>(columns[kernel.Slot]!).Values.AsSpan(start, Rows * width);
    }

    /// <summary>Where a kernel puts its values.</summary>
    public Span<T> Write<T>(Kernel kernel)
        where T : unmanaged => Unsafe.As<Column<T>>(columns[kernel.Slot]!).Values.AsSpan(0, Rows * kernel.Type.Width);

    /// <summary>The values of one row, of a vector of fixed length or not.</summary>
    public ReadOnlySpan<T> Row<T>(Kernel kernel, int row)
        where T : unmanaged => kernel.IsRagged ? Scratch<Ragged<T>>(kernel).Row(row) : Read<T>(kernel).Slice(row * kernel.Type.Width, kernel.Type.Width);

    /// <summary>The rows of a sparse column.</summary>
    public SparseRows Sparse(Kernel kernel) => sparse[kernel.Slot]!;

    /// <summary>Where a kernel puts its rows, which are forgotten.</summary>
    public SparseRows WriteSparse(Kernel kernel)
    {
        var rows = Sparse(kernel);
        rows.Clear();
        return rows;
    }

    /// <summary>The texts of a column, whether a row has one, several, or as many as it pleases.</summary>
    public TextRows Texts(Kernel kernel)
    {
        if (kernel.IsRagged)
            return new TextRows(Scratch<Tokens>(kernel));
        var (texts, start) = Text(kernel);
        return new TextRows(texts, start, kernel.Type.Width);
    }

    /// <summary>The text column of a kernel, and the index of the block's first value in it.</summary>
    public (TextColumn Column, int Start) Text(Kernel kernel) =>
        (Unsafe.As<TextColumn>(columns[kernel.Slot]!), kernel is InputColumn ? inputStart * kernel.Type.Width : 0);

    /// <summary>Which slots of a vector ML.NET stores; null when it stores all.</summary>
    public StoredSlots? Stored(Kernel kernel) => sparse[kernel.Slot]?.Slots ?? storedSlots[kernel.Slot];

    /// <summary>What the kernel made for itself by <see cref="Kernel.CreateScratch"/>.</summary>
    public T Scratch<T>(Kernel kernel)
        where T : class => Unsafe.As<T>(scratch[kernel.Slot]!);

    /// <summary>Notes that a row of the block cannot be scored. The first reason for a row is kept.</summary>
    public void Fault(int row, string column, string reason) => faults.Add(new RowFault(inputStart + row, column, reason));

    /// <summary>Hands over the rows that cannot be scored, each once, in ascending order.</summary>
    public void ReportFaults(ICollection<RowFault> target)
    {
        if (faults.Count == 0)
            return;
        foreach (var row in faults.GroupBy(fault => fault.Row).OrderBy(row => row.Key))
            target.Add(row.First());
    }
}

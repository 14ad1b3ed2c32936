using BatchScorer.Batches;

namespace BatchScorer.Models.Compiled.Graph;

/// <summary>
/// One column of a compiled model: what it is made from and how, a block of rows at a time. A kernel holds what the model
/// file says and nothing that changes; what it works on is in the <see cref="Block"/>, so that threads share kernels.
/// </summary>
/// <param name="name">The model's name of the column.</param>
/// <param name="type">What it holds.</param>
/// <param name="sources">The columns it is made from, which are ready when it runs.</param>
internal abstract class Kernel(string name, ColumnType type, params Kernel[] sources)
{
    private const int TypicalValues = 256;

    private readonly Dictionary<Type, Kernel> shared = [];

    public string Name { get; } = name;

    public ColumnType Type { get; } = type;

    public ReadOnlySpan<Kernel> Sources => sources;

    /// <summary>For keys, how many different ones there are, or 0 when that is not known.</summary>
    public virtual ulong KeyCount => 0;

    /// <summary>For keys, what they stand for, where the model tells.</summary>
    public virtual KeyValues? KeyValues => null;

    /// <summary>
    /// Whether ML.NET may hold a row of this vector sparsely. The values are here dense all the same; where a float sum depends
    /// on which values were stored, <see cref="StoredSlots"/> says so.
    /// </summary>
    public virtual bool MayBeSparse => false;

    /// <summary>Whether its rows are kept as <see cref="SparseRows"/>, because they are wide and mostly 0. Vectors of Single only.</summary>
    public virtual bool IsSparse => false;

    /// <summary>Whether it reads what its sources store where they are sparse. If not, they are spread out for it.</summary>
    public virtual bool ReadsSparse => false;

    /// <summary>Whether rows have as many values as they please, kept as <see cref="Ragged{T}"/> or <see cref="Tokens"/>.</summary>
    public virtual bool IsRagged => false;

    /// <summary>Values that a row takes in a <see cref="Block"/>; a guess where each row differs.</summary>
    public virtual long RowValues => IsRagged || (IsSparse && !IsReadDensely) ? TypicalValues : Type.Width;

    /// <summary>Its place in a <see cref="Block"/>.</summary>
    public int Slot { get; set; }

    /// <summary>Whether its values depend on which slots of its sources are stored.</summary>
    public virtual bool NeedsStoredSlots => false;

    /// <summary>Whether some later column's values depend on which of its slots are stored.</summary>
    public bool TracksStoredSlots { get; set; }

    /// <summary>For a sparse one, whether something reads it densely.</summary>
    public bool IsReadDensely { get; set; }

    /// <summary>The kernel of a kind that all who ask share, made from this one when first asked for. While compiling only.</summary>
    public T Shared<T>(Func<Kernel, T> make)
        where T : Kernel => shared.TryGetValue(typeof(T), out var made) ? (T)made : (T)(shared[typeof(T)] = make(this));

    /// <summary>Computes the rows of a block.</summary>
    public abstract void Run(Block block);

    /// <summary>Makes the column that <see cref="Run"/> fills, for blocks of so many rows.</summary>
    public virtual Column? CreateColumn(int rows) => IsSparse || IsRagged ? null : Column.Create(Name, Type, rows);

    /// <summary>Makes whatever else <see cref="Run"/> needs room for.</summary>
    public virtual object? CreateScratch(int rows) => null;
}

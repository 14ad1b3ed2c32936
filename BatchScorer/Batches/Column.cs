namespace BatchScorer.Batches;

/// <summary>One column of a <see cref="Batch"/>: a name, a type and room for a fixed number of rows.</summary>
internal abstract class Column(string name, ColumnType type, int capacity)
{
    public string Name { get; } = name;

    public ColumnType Type { get; } = type;

    /// <summary>Rows there is room for.</summary>
    public int Capacity { get; } = capacity;

    /// <summary>Makes an empty column of the class that holds values of <paramref name="type"/>.</summary>
    public static Column Create(string name, ColumnType type, int capacity) => type.Kind switch
    {
        ValueKind.Boolean => new Column<bool>(name, type, capacity),
        ValueKind.SByte => new Column<sbyte>(name, type, capacity),
        ValueKind.Byte => new Column<byte>(name, type, capacity),
        ValueKind.Int16 => new Column<short>(name, type, capacity),
        ValueKind.UInt16 => new Column<ushort>(name, type, capacity),
        ValueKind.Int32 => new Column<int>(name, type, capacity),
        ValueKind.UInt32 or ValueKind.Key => new Column<uint>(name, type, capacity),
        ValueKind.Int64 => new Column<long>(name, type, capacity),
        ValueKind.UInt64 => new Column<ulong>(name, type, capacity),
        ValueKind.Single => new Column<float>(name, type, capacity),
        ValueKind.Double => new Column<double>(name, type, capacity),
        ValueKind.Text => new TextColumn(name, type, capacity),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type.Kind, "No column class holds this kind of value."),
    };

    /// <summary>A value by its index (row times width plus place in the row), boxed: for comparing answers, not for the hot path.</summary>
    public abstract object ValueAt(int index);

    /// <summary>Forgets what rows from <paramref name="row"/> on hold, so that they can be written again.</summary>
    public abstract void Truncate(int row);
}

/// <summary>A column of fixed-size values.</summary>
/// <typeparam name="T">How <see cref="ValueKind"/> says its kind is kept.</typeparam>
internal sealed class Column<T>(string name, ColumnType type, int capacity) : Column(name, type, capacity)
    where T : unmanaged
{
    /// <summary>Row after row, <see cref="ColumnType.Width"/> values each.</summary>
    public T[] Values { get; } = new T[capacity * type.Width];

    /// <summary>The values of one row.</summary>
    public Span<T> Row(int row) => Values.AsSpan(row * Type.Width, Type.Width);

    /// <inheritdoc/>
    public override object ValueAt(int index) => Values[index];

    /// <inheritdoc/>
    /// <remarks>Every row is written in full before it is read, so there is nothing to forget.</remarks>
    public override void Truncate(int row)
    {
    }
}

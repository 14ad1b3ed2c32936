using BatchScorer.Batches;

namespace BatchScorer.Profiles;

/// <summary>A column of a batch that is profiled.</summary>
/// <param name="Side">On which side of the model.</param>
/// <param name="Name">The name it is profiled under.</param>
/// <param name="Column">Where its values are.</param>
internal sealed record ProfiledColumn(ProfileSide Side, string Name, Column Column);

/// <summary>Profiles the columns of batches as they are filled, one filling after the other. A partition owns one; it is not thread-safe.</summary>
internal sealed class ProfileCollector
{
    /// <summary>The slots of a vector that are profiled, each by itself; those behind are not.</summary>
    public const int MostSlots = 64;

    private readonly IColumnCollector[] collectors;

    public ProfileCollector(IEnumerable<ProfiledColumn> columns) => collectors = [.. columns.SelectMany(Collectors)];

    /// <summary>Adds the rows that the batches hold now.</summary>
    /// <param name="skipped">For each of their rows, whether it was rejected.</param>
    public void Add(ReadOnlySpan<bool> skipped)
    {
        foreach (var collector in collectors)
            collector.Add(skipped);
    }

    /// <summary>The profile of all that was added, after which it starts anew.</summary>
    public TableProfile Take() => new([.. collectors.Select(collector => collector.Take())]);

    private static IEnumerable<IColumnCollector> Collectors(ProfiledColumn column) => column.Column.Type.IsVector
        ? Enumerable.Range(0, Math.Min(MostSlots, column.Column.Type.Width)).Select(slot => Collector(column, $"{column.Name}[{slot}]", slot))
        : [Collector(column, column.Name, slot: 0)];

    private static IColumnCollector Collector(ProfiledColumn profiled, string name, int slot) => profiled.Column switch
    {
        Column<uint> { Type.Kind: ValueKind.Key } column => new CodeCollector<uint>(profiled.Side, name, column, slot),
        Column<bool> column => new CodeCollector<bool>(profiled.Side, name, column, slot),
        TextColumn column => new TextCollector(profiled.Side, name, column, slot),
        Column<float> column => new SingleCollector(profiled.Side, name, column, slot),
        Column<double> column => new NumberCollector<double>(profiled.Side, name, column, slot),
        Column<sbyte> column => new NumberCollector<sbyte>(profiled.Side, name, column, slot),
        Column<byte> column => new NumberCollector<byte>(profiled.Side, name, column, slot),
        Column<short> column => new NumberCollector<short>(profiled.Side, name, column, slot),
        Column<ushort> column => new NumberCollector<ushort>(profiled.Side, name, column, slot),
        Column<int> column => new NumberCollector<int>(profiled.Side, name, column, slot),
        Column<uint> column => new NumberCollector<uint>(profiled.Side, name, column, slot),
        Column<long> column => new NumberCollector<long>(profiled.Side, name, column, slot),
        Column<ulong> column => new NumberCollector<ulong>(profiled.Side, name, column, slot),
        _ => throw new ArgumentOutOfRangeException(nameof(profiled), profiled.Column.Type, "No profile is made of this type of column."),
    };
}

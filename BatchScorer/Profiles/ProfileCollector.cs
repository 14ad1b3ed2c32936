using System.Diagnostics.CodeAnalysis;
using BatchScorer.Batches;

namespace BatchScorer.Profiles;

/// <summary>A column of a batch that is profiled.</summary>
/// <param name="Side">On which side of the model.</param>
/// <param name="Name">The name it is profiled under.</param>
/// <param name="Column">Where its values are.</param>
internal sealed record ProfiledColumn(ProfileSide Side, string Name, Column Column);

/// <summary>Profiles the columns of batches as they are filled, one filling after the other. A partition owns one; it is not thread-safe.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A memory stream holds nothing but memory.")]
internal sealed class ProfileCollector
{
    /// <summary>The slots of a vector that are profiled, each by itself; those behind are not.</summary>
    public const int MostSlots = 64;

    private readonly TableProfileBuilder profile = new();
    private readonly MemoryStream stream = new();
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
    public TableProfile Take() => ProfileFormat.Read(TakeBytes());

    /// <summary>The same as <see cref="ProfileFormat"/> has it, for which nothing else is made.</summary>
    public byte[] TakeBytes()
    {
        Flush();
        stream.SetLength(0);
        ProfileFormat.Write(profile.Build(), stream);
        profile.Clear();
        return stream.ToArray();
    }

    /// <summary>Starts anew.</summary>
    public void Clear()
    {
        Flush();
        profile.Clear();
    }

    private void Flush()
    {
        foreach (var collector in collectors)
            collector.Flush();
    }

    private IEnumerable<IColumnCollector> Collectors(ProfiledColumn column) => column.Column.Type.IsVector
        ? Enumerable.Range(0, Math.Min(MostSlots, column.Column.Type.Width)).Select(slot => Collector(column, $"{column.Name}[{slot}]", slot))
        : [Collector(column, column.Name, slot: 0)];

    private IColumnCollector Collector(ProfiledColumn profiled, string name, int slot)
    {
        NumberProfileBuilder Numbers() => profile.AddNumbers(profiled.Side, name);
        CategoryProfileBuilder Categories() => profile.AddCategories(profiled.Side, name);
        return profiled.Column switch
        {
            Column<uint> { Type.Kind: ValueKind.Key } column => new KeyCollector(Categories(), column, slot),
            Column<bool> column => new BooleanCollector(Categories(), column, slot),
            TextColumn column => new TextCollector(Categories(), column, slot),
            Column<float> column => new SingleCollector(Numbers(), column, slot),
            Column<double> column => new NumberCollector<double>(Numbers(), column, slot),
            Column<sbyte> column => new NumberCollector<sbyte>(Numbers(), column, slot),
            Column<byte> column => new NumberCollector<byte>(Numbers(), column, slot),
            Column<short> column => new NumberCollector<short>(Numbers(), column, slot),
            Column<ushort> column => new NumberCollector<ushort>(Numbers(), column, slot),
            Column<int> column => new NumberCollector<int>(Numbers(), column, slot),
            Column<uint> column => new NumberCollector<uint>(Numbers(), column, slot),
            Column<long> column => new NumberCollector<long>(Numbers(), column, slot),
            Column<ulong> column => new NumberCollector<ulong>(Numbers(), column, slot),
            _ => throw new ArgumentOutOfRangeException(nameof(profiled), profiled.Column.Type, "No profile is made of this type of column."),
        };
    }
}

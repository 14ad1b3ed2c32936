using System.Globalization;
using BatchScorer.Batches;
using CsvHelper;

namespace BatchScorer.Exchange.Scoring;

/// <summary>Writes a column of a model as a CSV field, in the form in which it can be read back: numbers as the shortest text that is the same number.</summary>
internal abstract class OutputField
{
    public abstract void Write(int row, CsvWriter writer);

    /// <summary>For a column whose values a database could hold, too.</summary>
    public static OutputField For(Column column) => column switch
    {
        Column<float> { Type.IsVector: true } vector => new ListField<float>(vector),
        Column<double> { Type.IsVector: true } vector => new ListField<double>(vector),
        TextColumn text => new TextField(text),
        Column<bool> flags => new BooleanField(flags),
        Column<uint> { Type.Kind: ValueKind.Key } key => new KeyField(key),
        Column<float> numbers => new NumberField<float>(numbers),
        Column<double> numbers => new NumberField<double>(numbers),
        Column<sbyte> numbers => new NumberField<sbyte>(numbers),
        Column<byte> numbers => new NumberField<byte>(numbers),
        Column<short> numbers => new NumberField<short>(numbers),
        Column<ushort> numbers => new NumberField<ushort>(numbers),
        Column<int> numbers => new NumberField<int>(numbers),
        Column<uint> numbers => new NumberField<uint>(numbers),
        Column<long> numbers => new NumberField<long>(numbers),
        Column<ulong> numbers => new NumberField<ulong>(numbers),
        _ => throw new ArgumentOutOfRangeException(nameof(column), column.Type, "No text stands for this kind of value."),
    };
}

internal sealed class NumberField<T>(Column<T> column) : OutputField
    where T : unmanaged, IUtf8SpanFormattable
{
    public override void Write(int row, CsvWriter writer) => writer.WriteField(column.Values[row]);
}

internal sealed class BooleanField(Column<bool> column) : OutputField
{
    public override void Write(int row, CsvWriter writer) => writer.WriteField(column.Values[row]);
}

internal sealed class TextField(TextColumn column) : OutputField
{
    public override void Write(int row, CsvWriter writer) => writer.WriteField(column[row]);
}

/// <summary>A category's number; a missing one is empty.</summary>
internal sealed class KeyField(Column<uint> column) : OutputField
{
    public override void Write(int row, CsvWriter writer)
    {
        if (column.Values[row] == 0)
            writer.WriteField("");
        else
            writer.WriteField(column.Values[row]);
    }
}

/// <summary>Numbers in braces, as PostgreSQL writes an array.</summary>
internal sealed class ListField<T>(Column<T> column) : OutputField
    where T : unmanaged, IFormattable
{
    public override void Write(int row, CsvWriter writer) =>
        writer.WriteField($"{{{string.Join(',', column.Row(row).ToArray().Select(value => value.ToString(null, CultureInfo.InvariantCulture)))}}}");
}

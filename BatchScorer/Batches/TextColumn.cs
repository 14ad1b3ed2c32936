using System.Text;

namespace BatchScorer.Batches;

/// <summary>
/// A column of text, kept as UTF-8 back to back: no string is made for a value unless somebody asks for one.
/// Values are appended in order, row after row.
/// </summary>
internal sealed class TextColumn(string name, ColumnType type, int capacity) : Column(name, type, capacity)
{
    private readonly int[] ends = new int[capacity * type.Width];
    private byte[] bytes = new byte[capacity * type.Width * 16];
    private int count;

    /// <summary>Values appended so far; rows times <see cref="ColumnType.Width"/>.</summary>
    public int Count => count;

    /// <summary>The UTF-8 bytes of a value, by its index (row times width plus place in the row).</summary>
    public ReadOnlySpan<byte> this[int index]
    {
        get
        {
            var start = index == 0 ? 0 : ends[index - 1];
            return bytes.AsSpan(start, ends[index] - start);
        }
    }

    /// <summary>Appends a value; an empty span is a missing one.</summary>
    public void Append(ReadOnlySpan<byte> utf8)
    {
        var start = count == 0 ? 0 : ends[count - 1];
        var end = checked(start + utf8.Length);
        if (end > bytes.Length)
            Array.Resize(ref bytes, Math.Max(end, (int)Math.Min(Array.MaxLength, bytes.Length * 2L)));
        utf8.CopyTo(bytes.AsSpan(start));
        ends[count++] = end;
    }

    /// <summary>Appends a value; null and empty are both missing.</summary>
    public void Append(string? value) => Append(Encoding.UTF8.GetBytes(value ?? ""));

    /// <summary>A value as a string; empty when missing.</summary>
    public string Text(int index) => Encoding.UTF8.GetString(this[index]);

    /// <inheritdoc/>
    public override object ValueAt(int index) => Text(index);

    /// <inheritdoc/>
    public override void Truncate(int row) => count = Math.Min(count, row * Type.Width);
}

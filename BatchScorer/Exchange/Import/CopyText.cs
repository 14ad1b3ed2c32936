using System.Buffers;

namespace BatchScorer.Exchange.Import;

/// <summary>
/// Encodes rows in the text form of PostgreSQL's COPY: tabs between fields, a line feed behind each row, <c>\N</c> for null, and a
/// backslash before what would be taken for any of these.
/// </summary>
internal sealed class CopyText
{
    private static readonly SearchValues<byte> Special = SearchValues.Create("\t\n\r\\"u8);

    private readonly ArrayBufferWriter<byte> buffer = new(128 * 1024);
    private bool isFirst = true;

    public int Length => buffer.WrittenCount;

    public ReadOnlyMemory<byte> Bytes => buffer.WrittenMemory;

    public void Clear() => buffer.ResetWrittenCount();

    public void AppendNull()
    {
        Separate();
        buffer.Write("\\N"u8);
    }

    public void Append(ReadOnlySpan<byte> field)
    {
        Separate();
        for (int special; (special = field.IndexOfAny(Special)) >= 0; field = field[(special + 1)..])
        {
            buffer.Write(field[..special]);
            buffer.Write(field[special] switch { (byte)'\t' => "\\t"u8, (byte)'\n' => "\\n"u8, (byte)'\r' => "\\r"u8, _ => "\\\\"u8 });
        }

        buffer.Write(field);
    }

    public void EndRow()
    {
        buffer.Write("\n"u8);
        isFirst = true;
    }

    private void Separate()
    {
        if (!isFirst)
            buffer.Write("\t"u8);
        isFirst = false;
    }
}

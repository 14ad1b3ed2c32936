using System.Numerics;
using System.Text;
using BatchScorer.Errors;

namespace BatchScorer.Profiles;

/// <summary>Reads what <see cref="ProfileFormat"/> has written, value by value into builders, so that what is read takes no memory of its own.</summary>
internal sealed class ProfileReader(Stream stream) : IDisposable
{
    private readonly BinaryReader reader = new(stream, Encoding.UTF8, leaveOpen: true);

    /// <summary>Reads up to the first column.</summary>
    /// <returns>How many columns there are.</returns>
    /// <exception cref="BatchScorerException">A newer version of the program wrote it.</exception>
    public int ReadColumns()
    {
        var version = reader.ReadByte();
        if (version != ProfileFormat.Version)
            throw new BatchScorerException(ExitCode.Failed, $"A profile has format {version}, expected {ProfileFormat.Version}: a newer program wrote it. Run all nodes with the same version.");
        return reader.Read7BitEncodedInt();
    }

    /// <summary>Which column the next one is.</summary>
    public (bool IsNumber, ProfileSide Side, string Name) ReadColumn() => (reader.ReadBoolean(), (ProfileSide)reader.ReadByte(), reader.ReadString());

    /// <summary>Adds the column's rows to its profile.</summary>
    public void AddTo(ColumnProfileBuilder column)
    {
        column.Rows += reader.Read7BitEncodedInt64();
        column.Missing += reader.Read7BitEncodedInt64();
        if (column is NumberProfileBuilder numbers)
            AddTo(numbers);
        else
            AddTo((CategoryProfileBuilder)column);
    }

    public void Dispose() => reader.Dispose();

    private void AddTo(NumberProfileBuilder numbers)
    {
        numbers.Infinite += reader.Read7BitEncodedInt64();
        numbers.Sum += ReadSum();
        numbers.Squares += ReadSum();
        numbers.AddBounds(reader.ReadDouble(), reader.ReadDouble());
        var bits = reader.Read7BitEncodedInt();
        var bins = reader.Read7BitEncodedInt();
        for (var key = 0L; bins > 0; bins--)
            numbers.Histogram.Add(bits, key = unchecked(key + reader.Read7BitEncodedInt64()), reader.Read7BitEncodedInt64());
    }

    private void AddTo(CategoryProfileBuilder categories)
    {
        categories.AddOthers(reader.Read7BitEncodedInt64());
        Span<byte> text = stackalloc byte[CategoryProfileBuilder.MostBytes];
        for (var count = reader.Read7BitEncodedInt(); count > 0; count--)
        {
            var hash = reader.ReadUInt64();
            var utf8 = text[..reader.Read7BitEncodedInt()];
            reader.BaseStream.ReadExactly(utf8);
            categories.Add(hash, utf8, reader.Read7BitEncodedInt64());
        }
    }

    private ExactSum ReadSum() => new(new BigInteger(reader.ReadBytes(reader.Read7BitEncodedInt())), reader.Read7BitEncodedInt());
}

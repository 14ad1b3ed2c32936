using System.Numerics;
using BatchScorer.Errors;

namespace BatchScorer.Profiles;

/// <summary>
/// Profiles as bytes: a version, then column after column, whole numbers in 7 bits a byte as <see cref="BinaryWriter.Write7BitEncodedInt64"/>
/// has them, what is in order as differences.
/// </summary>
internal static class ProfileFormat
{
    private const byte Version = 1;

    public static byte[] Write(TableProfile profile)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(Version);
        writer.Write7BitEncodedInt(profile.Columns.Count);
        foreach (var column in profile.Columns)
        {
            writer.Write(column is NumberProfile);
            writer.Write((byte)column.Side);
            writer.Write(column.Name);
            writer.Write7BitEncodedInt64(column.Rows);
            writer.Write7BitEncodedInt64(column.Missing);
            if (column is NumberProfile numbers)
                Write(writer, numbers);
            else
                Write(writer, (CategoryProfile)column);
        }

        writer.Flush();
        return stream.ToArray();
    }

    /// <exception cref="BatchScorerException">A newer version of the program wrote it.</exception>
    public static TableProfile Read(byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes));
        var version = reader.ReadByte();
        if (version != Version)
            throw new BatchScorerException(ExitCode.Failed, $"A profile has format {version}, expected {Version}: a newer program wrote it. Run all nodes with the same version.");
        return new TableProfile([.. Enumerable.Range(0, reader.Read7BitEncodedInt()).Select(_ => ReadColumn(reader))]);
    }

    private static ColumnProfile ReadColumn(BinaryReader reader)
    {
        var isNumber = reader.ReadBoolean();
        var side = (ProfileSide)reader.ReadByte();
        var name = reader.ReadString();
        var rows = reader.Read7BitEncodedInt64();
        var missing = reader.Read7BitEncodedInt64();
        if (isNumber)
        {
            return new NumberProfile
            {
                Side = side, Name = name, Rows = rows, Missing = missing,
                Infinite = reader.Read7BitEncodedInt64(), Sum = ReadSum(reader), Squares = ReadSum(reader),
                Min = reader.ReadDouble(), Max = reader.ReadDouble(), Histogram = ReadHistogram(reader),
            };
        }

        return new CategoryProfile
        {
            Side = side, Name = name, Rows = rows, Missing = missing, Others = reader.Read7BitEncodedInt64(),
            Categories = [.. Enumerable.Range(0, reader.Read7BitEncodedInt()).Select(_ => new Category(reader.ReadUInt64(), reader.ReadString(), reader.Read7BitEncodedInt64()))],
        };
    }

    private static void Write(BinaryWriter writer, NumberProfile profile)
    {
        writer.Write7BitEncodedInt64(profile.Infinite);
        Write(writer, profile.Sum);
        Write(writer, profile.Squares);
        writer.Write(profile.Min);
        writer.Write(profile.Max);
        writer.Write7BitEncodedInt(profile.Histogram.Bits);
        writer.Write7BitEncodedInt(profile.Histogram.Bins.Count);
        var before = 0L;
        foreach (var (key, rows) in profile.Histogram.Bins)
        {
            writer.Write7BitEncodedInt64(unchecked(key - before));
            writer.Write7BitEncodedInt64(rows);
            before = key;
        }
    }

    private static void Write(BinaryWriter writer, CategoryProfile profile)
    {
        writer.Write7BitEncodedInt64(profile.Others);
        writer.Write7BitEncodedInt(profile.Categories.Count);
        foreach (var category in profile.Categories)
        {
            writer.Write(category.Hash);
            writer.Write(category.Text);
            writer.Write7BitEncodedInt64(category.Rows);
        }
    }

    private static void Write(BinaryWriter writer, ExactSum sum)
    {
        var mantissa = sum.Mantissa.ToByteArray();
        writer.Write7BitEncodedInt(mantissa.Length);
        writer.Write(mantissa);
        writer.Write7BitEncodedInt(sum.Exponent);
    }

    private static ExactSum ReadSum(BinaryReader reader) => new(new BigInteger(reader.ReadBytes(reader.Read7BitEncodedInt())), reader.Read7BitEncodedInt());

    private static Histogram ReadHistogram(BinaryReader reader)
    {
        var bits = reader.Read7BitEncodedInt();
        var bins = new (long Key, long Rows)[reader.Read7BitEncodedInt()];
        var key = 0L;
        for (var i = 0; i < bins.Length; i++)
            bins[i] = (key = unchecked(key + reader.Read7BitEncodedInt64()), reader.Read7BitEncodedInt64());
        return Histogram.Of(bits, bins);
    }
}

using System.Text;
using BatchScorer.Errors;

namespace BatchScorer.Profiles;

/// <summary>
/// Profiles as bytes: a version, then column after column, whole numbers in 7 bits a byte as <see cref="BinaryWriter.Write7BitEncodedInt64"/>
/// has them, what is in order as differences.
/// </summary>
internal static class ProfileFormat
{
    /// <summary>The version, which is the first byte.</summary>
    public const byte Version = 1;

    public static byte[] Write(TableProfile profile)
    {
        using var stream = new MemoryStream();
        Write(profile, stream);
        return stream.ToArray();
    }

    public static void Write(TableProfile profile, Stream stream)
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
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
    }

    /// <exception cref="BatchScorerException">A newer version of the program wrote it.</exception>
    public static TableProfile Read(byte[] profile) => Together(profile).Build();

    /// <summary>The profile of the rows of all of them.</summary>
    /// <exception cref="BatchScorerException">A newer version of the program wrote one.</exception>
    public static byte[] Merge(params ReadOnlySpan<byte[]> profiles) => Write(Together(profiles).Build());

    private static TableProfileBuilder Together(params ReadOnlySpan<byte[]> profiles)
    {
        var builder = new TableProfileBuilder();
        foreach (var profile in profiles)
            builder.Add(new MemoryStream(profile));
        return builder;
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
}

using System.IO.Compression;
using BatchScorer.Errors;

namespace BatchScorer.Models;

/// <summary>
/// Inflates the zip that a model file is. The sizes a zip declares are held against bounds before a byte is inflated, and
/// against what comes out; checksums, which <see cref="ZipArchive"/> leaves unread, are compared.
/// </summary>
internal static class ModelArchive
{
    /// <summary>Most entries a model file may have.</summary>
    public const int MaximumEntries = 20_000;

    /// <summary>Inflated bytes that are always allowed, however small the file: 64 MB.</summary>
    private const long AllowanceOfAnyFile = 64L << 20;

    /// <summary>Inflated bytes that are never exceeded, however large the file: 1 GB.</summary>
    private const long Ceiling = 1L << 30;

    /// <summary>Between the two, inflated bytes allowed for each byte of the file.</summary>
    private const int Ratio = 100;

    /// <summary>Inflates every entry.</summary>
    /// <returns>Content by name, with <c>/</c> between folders whatever the writer's system put there.</returns>
    /// <exception cref="BatchScorerException">The bytes are no zip, are damaged, or inflate to more than is allowed.</exception>
    public static Dictionary<string, byte[]> Inflate(string file, byte[] bytes)
    {
        if (bytes.Length == 0)
            throw ModelFault.In(file, "is empty; expected a model.zip saved by ML.NET");

        // Counted before ZipArchive makes an object for each: every entry's header in the directory starts so.
        if (bytes.AsSpan().Count("PK\x01\x02"u8) > MaximumEntries)
            throw ModelFault.In(file, $"has more than {MaximumEntries:N0} zip entries, which no ML.NET model has");

        try
        {
            using var archive = new ZipArchive(new MemoryStream(bytes, writable: false), ZipArchiveMode.Read);
            var budget = Math.Min(Ceiling, Math.Max(AllowanceOfAnyFile, (long)bytes.Length * Ratio));
            var contents = new Dictionary<string, byte[]>(StringComparer.Ordinal);
            foreach (var entry in archive.Entries)
            {
                var name = entry.FullName.Replace('\\', '/');
                if (name.EndsWith('/'))
                    continue;
                var content = Inflate(file, name, entry, budget);
                if (!contents.TryAdd(name, content))
                    throw ModelFault.Corrupt(file, name, "the zip has two entries of this name");
                budget -= content.Length;
            }

            return contents;
        }
        catch (Exception damage) when (damage is InvalidDataException or IOException or NotSupportedException or ArgumentException or OverflowException)
        {
            throw ModelFault.In(file, $"is no sound zip ({damage.Message.TrimEnd('.')}); expected a model.zip saved by ML.NET", damage);
        }
    }

    private static byte[] Inflate(string file, string name, ZipArchiveEntry entry, long budget)
    {
        if (entry.Length > budget)
            throw ModelFault.In(file, $"inflates to more than is allowed (the larger of {AllowanceOfAnyFile >> 20} MB and {Ratio} times its size, at most {Ceiling >> 30} GB); it is no model but a zip bomb");

        // No more than what is declared is inflated, and one byte to see whether there is more.
        var content = new byte[entry.Length];
        using var source = entry.Open();
        if (source.ReadAtLeast(content, content.Length, throwOnEndOfStream: false) < content.Length || source.ReadByte() >= 0 || Crc32.Of(content) != entry.Crc32)
            throw ModelFault.Corrupt(file, name, "its length or checksum is not what the zip says");
        return content;
    }
}

using System.IO.Compression;

namespace BatchScorer.Tests.Models;

/// <summary>Zips made in memory.</summary>
internal static class TestZip
{
    public static byte[] Of(IEnumerable<(string Name, byte[] Content)> entries, CompressionLevel level = CompressionLevel.Fastest)
    {
        var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in entries)
            {
                using var entry = archive.CreateEntry(name, level).Open();
                entry.Write(content);
            }
        }

        return stream.ToArray();
    }

    public static List<(string Name, byte[] Content)> Entries(byte[] zip)
    {
        using var archive = new ZipArchive(new MemoryStream(zip));
        return [.. archive.Entries.Select(entry => (entry.FullName, Read(entry)))];
    }

    private static byte[] Read(ZipArchiveEntry entry)
    {
        using var source = entry.Open();
        var target = new MemoryStream();
        source.CopyTo(target);
        return target.ToArray();
    }
}

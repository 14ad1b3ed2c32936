using System.Text;

namespace BatchScorer.Tests.Exchange;

/// <summary>A folder that lives as long as a test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("batchscorer-test-").FullName;

    /// <summary>Names of the files in it, hidden ones included.</summary>
    public IEnumerable<string> Files => Directory.EnumerateFiles(Path).Select(file => System.IO.Path.GetFileName(file)).Order(StringComparer.Ordinal);

    public string this[string file] => System.IO.Path.Combine(Path, file);

    /// <summary>Writes a file.</summary>
    /// <returns>Its path.</returns>
    public string Write(string file, params string[] lines)
    {
        File.WriteAllText(this[file], string.Concat(lines.Select(line => line + '\n')));
        return this[file];
    }

    /// <summary>The lines of a CSV file that this program wrote: all end as RFC 4180 has it, and there is no byte-order mark.</summary>
    public string[] Read(string file) => Lines(File.ReadAllBytes(this[file]));

    /// <inheritdoc cref="Read"/>
    public static string[] Lines(byte[] bytes)
    {
        var text = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes);
        Assert.That(text, Does.EndWith("\r\n").And.Not.StartWith("\uFEFF"));
        return text[..^2].Split("\r\n");
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

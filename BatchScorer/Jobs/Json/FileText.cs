using System.Text.Unicode;

namespace BatchScorer.Jobs.Json;

/// <summary>Reads a small text file as UTF-8, and says what is wrong with one that is not.</summary>
internal static class FileText
{
    private const int MaxBytes = 1 << 20;

    /// <summary>Reads the file, of at most 1 MiB, without its byte-order mark.</summary>
    /// <param name="path">The file.</param>
    /// <param name="expected">What is in such a file, to be asked for where there is nothing.</param>
    /// <param name="faults">Receives what is wrong with it.</param>
    /// <returns>Its bytes, or null where <paramref name="faults"/> now says why not.</returns>
    public static ReadOnlyMemory<byte>? Read(string path, string expected, FaultList faults)
    {
        try
        {
            using var stream = File.OpenRead(path);
            if (stream.Length > MaxBytes)
                return Refuse(faults, $"the file has {stream.Length} bytes, expected at most {MaxBytes}");
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return Checked(bytes, expected, faults);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Refuse(faults, $"the file cannot be read: {exception.Message}");
        }
    }

    private static ReadOnlyMemory<byte>? Checked(byte[] bytes, string expected, FaultList faults)
    {
        if (bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
            return Refuse(faults, "the file is UTF-16, expected UTF-8; save it in that encoding");
        var text = bytes is [0xEF, 0xBB, 0xBF, ..] ? bytes.AsMemory(3) : bytes;
        if (text.Span.IndexOfAnyExcept(" \t\r\n"u8) < 0)
            return Refuse(faults, $"the file is empty, expected {expected}");
        if (!Utf8.IsValid(text.Span))
        {
            faults.Add(LineOfInvalid(text), "", "this is not UTF-8; save the file in that encoding");
            return null;
        }

        return text;
    }

    private static ReadOnlyMemory<byte>? Refuse(FaultList faults, string message)
    {
        faults.Add(line: 0, "", message);
        return null;
    }

    private static int LineOfInvalid(ReadOnlyMemory<byte> text)
    {
        Utf8.ToUtf16(text.Span, new char[text.Length], out var validBytes, out _, replaceInvalidSequences: false);
        return new TextPositions(text).Place(validBytes).Line + 1;
    }
}

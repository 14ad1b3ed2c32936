using System.Text.Unicode;
using BatchScorer.Errors;
using CsvHelper;

namespace BatchScorer.Exchange.Csv;

/// <summary>
/// A CSV file with a header, read record by record: UTF-8 unless a byte-order mark says otherwise, commas between the fields, quoted
/// as RFC 4180 has it. Nothing that is malformed is mended.
/// </summary>
internal sealed class CsvInput : IDisposable
{
    /// <summary>The path that stands for standard input.</summary>
    public const string Standard = "-";

    // A quote that is never closed makes one record of the rest of the file.
    private const int MostRecordBytes = 64 << 20;

    // The library's defaults mend what is malformed and fill what is missing.
    private static readonly CsvReaderOptions Options = new()
    {
        Separator = ',',
        MalformedData = CsvMalformedDataHandling.Throw,
        FieldCountMismatch = CsvFieldCountHandling.Throw,
        MissingField = CsvMissingFieldHandling.Throw,
        SkipEmptyLines = false,
        DetectSeparatorHint = false,
        TrackLineNumbers = true,
        MaxRecordSize = MostRecordBytes,
    };

    private readonly CsvReader reader;
    private readonly long? length;

    private CsvInput(string name, Stream stream)
    {
        Name = name;
        length = stream.CanSeek ? Math.Max(1, stream.Length) : null;
        reader = CsvReader.Create(stream, Options);
    }

    /// <summary>What messages call it: its path, <c>standard input</c>, or what it was given.</summary>
    public string Name { get; }

    /// <summary>The names of its columns, each once.</summary>
    public IReadOnlyList<string> Header { get; private set; } = [];

    /// <summary>The line where the current record begins, from 1.</summary>
    public long Line => reader.LineNumber;

    /// <summary>How much of it has been read, from 0 to 1; null where nobody knows how much there is.</summary>
    public double? Share => length is { } all ? Math.Min(1, (double)reader.ByteOffset / all) : null;

    /// <summary>Opens a file and reads its header.</summary>
    /// <param name="path">The file, or <see cref="Standard"/>.</param>
    /// <param name="standard">Gives the standard input.</param>
    /// <exception cref="BatchScorerException">It cannot be read, or its header will not do.</exception>
    public static async Task<CsvInput> OpenAsync(string path, Func<Stream> standard, CancellationToken cancellationToken)
    {
        var stream = path == Standard ? standard()
            : Telling(path, () => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1, FileOptions.SequentialScan | FileOptions.Asynchronous));
        return await ReadAsync(path == Standard ? "standard input" : path, stream, cancellationToken);
    }

    /// <summary>Reads the header of what comes from a stream, which is closed with it.</summary>
    /// <param name="name">What messages call it.</param>
    /// <param name="stream">The stream.</param>
    /// <exception cref="BatchScorerException">It cannot be read, or its header will not do.</exception>
    public static async Task<CsvInput> ReadAsync(string name, Stream stream, CancellationToken cancellationToken)
    {
        var input = new CsvInput(name, stream);
        try
        {
            await input.ReadHeaderAsync(cancellationToken);
            return input;
        }
        catch
        {
            input.Dispose();
            throw;
        }
    }

    /// <summary>Goes on to the next record.</summary>
    /// <returns>False at the end of the file.</returns>
    /// <exception cref="BatchScorerException">The record is malformed, or the file cannot be read on.</exception>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (!await reader.ReadAsync(cancellationToken))
                return false;
        }
        catch (Exception fault) when (IsOfFile(fault))
        {
            throw Told(fault, null);
        }

        return Utf8.IsValid(reader.RawRecord) ? true : throw NotUtf8(reader.LineNumber);
    }

    /// <summary>A field of the current record, without its quotes; valid until the next is read.</summary>
    public ReadOnlySpan<byte> this[int field] => reader.GetSpan(field);

    /// <summary>Whether a field of the current record is empty and not in quotes, which is how a missing value is written.</summary>
    public bool IsMissing(int field) => reader.GetRawSpan(field).IsEmpty;

    /// <summary>A message with its place: <c>customers.csv:17: column "seats": …</c></summary>
    /// <param name="line">The line, from 1; 0 for the whole file.</param>
    /// <param name="column">The column's name, or null for the whole line.</param>
    /// <param name="message">What is wrong.</param>
    public string At(long line, string? column, string message) =>
        $"{Name}{(line > 0 ? $":{line}" : "")}: {(column is null ? "" : $"column \"{column}\": ")}{message}";

    public void Dispose() => reader.Dispose();

    private const string Remedy = "expected fields with commas between them, in double quotes where they hold commas, quotes or line ends";

    private async Task ReadHeaderAsync(CancellationToken cancellationToken)
    {
        try
        {
            await reader.ReadHeaderAsync(cancellationToken);
        }
        catch (Exception fault) when (IsOfFile(fault))
        {
            throw Told(fault, line: 1);
        }

        Header = [.. reader.Headers];
        if (Header.Count == 0 || Header is [""])
            throw new BatchScorerException(ExitCode.BadConfiguration, At(1, null, "there is no header; expected the names of the columns in the first line"));
        if (Header.Any(name => name.Contains('\uFFFD', StringComparison.Ordinal)))
            throw NotUtf8(1);
        if (Header is [var only] && only.IndexOfAny([';', '\t', '|']) is >= 0 and var place)
        {
            throw new BatchScorerException(ExitCode.BadConfiguration, At(1, null,
                $"the header is one name with {(only[place] == '\t' ? "tabs" : $"\"{only[place]}\"")} in it; expected commas between the names, and between the fields of each row"));
        }

        var twice = Header.GroupBy(name => name).Where(same => same.Count() > 1).Select(same => At(1, same.Key, $"the header has it {same.Count()} times; expected each name once")).ToList();
        if (twice.Count > 0)
            throw new BatchScorerException(ExitCode.BadConfiguration, string.Join('\n', twice));
    }

    private static bool IsOfFile(Exception fault) => fault is CsvFormatException || IsOfSystem(fault);

    private static bool IsOfSystem(Exception fault) => fault is IOException or UnauthorizedAccessException;

    private BatchScorerException Told(Exception fault, long? line) => fault is CsvFormatException malformed
        ? new(ExitCode.BadConfiguration, At(line ?? malformed.LineNumber, null, $"{malformed.Message.TrimEnd('.')}; {Remedy}"), malformed)
        : Unreadable(Name, fault);

    private BatchScorerException NotUtf8(long line) =>
        new(ExitCode.BadConfiguration, At(line, null, "this is not UTF-8; save the file in that encoding"));

    private static FileStream Telling(string path, Func<FileStream> open)
    {
        try
        {
            return open();
        }
        catch (Exception unreadable) when (IsOfSystem(unreadable))
        {
            throw Unreadable(path, unreadable);
        }
    }

    private static BatchScorerException Unreadable(string name, Exception cause) =>
        new(ExitCode.BadConfiguration, $"{name}: cannot be read: {cause.Message.TrimEnd('.')}; check the path and that you may read it.", cause);
}

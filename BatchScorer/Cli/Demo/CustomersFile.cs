using System.Globalization;
using System.Text;
using BatchScorer.Errors;
using CsvHelper;

namespace BatchScorer.Cli.Demo;

/// <summary>Reads customers from a CSV file.</summary>
internal static class CustomersFile
{
    // The library's defaults mend what is malformed and fill what is missing: here both are faults.
    private static readonly CsvReaderOptions Options = new()
    {
        Separator = ',',
        NormalizeHeaderName = name => name.Replace("_", "", StringComparison.Ordinal),
        NullValues = [""],
        MalformedData = CsvMalformedDataHandling.Throw,
        FieldCountMismatch = CsvFieldCountHandling.Throw,
        MissingField = CsvMissingFieldHandling.Throw,
        AllowLineBreaksInQuotes = false,
        SkipEmptyLines = false,
        TrackLineNumbers = true,
        FormatProvider = new NumberFormatInfo { NumberGroupSeparator = "" }, // else 49,29 would be 4929
    };

    /// <summary>Reads row by row as the sequence is enumerated.</summary>
    /// <exception cref="BatchScorerException">The file is missing or a row of it is malformed.</exception>
    public static IEnumerable<DemoCustomer> Read(string file)
    {
        Telling(file, () => CheckEncoding(file));
        using var reader = Telling(file, () => CsvReader.FromFile(file, Options));
        using var customers = Telling(file, () => reader.GetRecords<DemoCustomer>().GetEnumerator());
        while (Telling(file, customers.MoveNext))
            yield return customers.Current;
    }

    // The library puts U+FFFD in place of bytes that are no UTF-8, which would become part of a customer.
    private static bool CheckEncoding(string file)
    {
        using var reader = new StreamReader(file, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true));
        var buffer = new char[4096];
        while (reader.Read(buffer) > 0)
        {
        }

        return true;
    }

    private static T Telling<T>(string file, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (CsvFormatException fault)
        {
            throw new BatchScorerException(ExitCode.BadConfiguration, $"{file}{Place(fault)}: {fault.Message}", fault);
        }
        catch (DecoderFallbackException fault)
        {
            throw new BatchScorerException(ExitCode.BadConfiguration, $"{file}: this is not UTF-8; save the file in that encoding", fault);
        }
        catch (KeyNotFoundException fault)
        {
            throw new BatchScorerException(ExitCode.BadConfiguration, $"{file}:1: {fault.Message}", fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new BatchScorerException(ExitCode.BadConfiguration, $"The demo's customers cannot be read: {fault.Message}", fault);
        }
    }

    private static string Place(CsvFormatException fault) => fault.LineNumber > 0 ? $":{fault.LineNumber}" : "";
}

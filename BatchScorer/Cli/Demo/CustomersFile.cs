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
    };

    /// <summary>Reads row by row as the sequence is enumerated.</summary>
    /// <exception cref="BatchScorerException">The file is missing or a row of it is malformed.</exception>
    public static IEnumerable<DemoCustomer> Read(string file)
    {
        using var reader = Telling(file, () => CsvReader.FromFile(file, Options));
        using var customers = Telling(file, () => reader.GetRecords<DemoCustomer>().GetEnumerator());
        while (Telling(file, customers.MoveNext))
            yield return customers.Current;
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

using BatchScorer.Errors;
using BatchScorer.Exchange.Csv;
using BatchScorer.Jobs;
using BatchScorer.Postgres;

namespace BatchScorer.Exchange.Import;

/// <summary>Makes a table after a file: the type of each column is the narrowest that holds every value of the file.</summary>
internal static class InferredTable
{
    private delegate bool Test(ReadOnlySpan<byte> field);

    // From the narrowest on. What has a nought in front is no number but a code, such as a postcode.
    private static readonly (string SqlType, Test Holds)[] Types =
    [
        ("boolean", FieldCheck.IsTrueOrFalse),
        ("bigint", static field => FieldCheck.IsInteger(field, long.MinValue, long.MaxValue) && !IsCode(field)),
        ("numeric", static field => FieldCheck.IsDecimal(field) && !IsCode(field)),
        ("double precision", static field => FieldCheck.IsReal<double>(field) && !IsCode(field)),
        ("date", FieldCheck.IsDate),
        ("timestamp", FieldCheck.IsTimestamp),
        ("timestamptz", FieldCheck.IsInstant),
        ("uuid", FieldCheck.IsUuid),
    ];

    /// <summary>Reads all of a file and says how a table for it is made.</summary>
    /// <param name="input">The file, from its first row on.</param>
    /// <param name="table">The table's name.</param>
    /// <param name="key">The columns of its primary key, as the file or the table will name them; perhaps none.</param>
    /// <returns>The CREATE TABLE.</returns>
    /// <exception cref="BatchScorerException">The file is malformed, or no table can have such columns.</exception>
    public static async Task<string> InferAsync(
        CsvInput input, QualifiedName table, IReadOnlyList<string> key, IProgress<TransferProgress> progress, CancellationToken cancellationToken)
    {
        var names = Names(input);
        var keys = Keys(input, names, key);
        var columns = input.Header.Select(_ => new Candidates()).ToArray();
        for (long rows = 1; await input.ReadAsync(cancellationToken); rows++)
        {
            for (var i = 0; i < columns.Length; i++)
            {
                if (!input.IsMissing(i))
                    columns[i].Add(input[i]);
            }

            if (rows % TableImport.RowsAReport == 0)
                progress.Report(new TransferProgress(rows, input.Share));
        }

        var lines = names.Select((name, i) => $"    {SqlIdentifier.Quote(name)} {columns[i].SqlType}");
        if (keys.Count > 0)
            lines = lines.Append($"    PRIMARY KEY ({SqlIdentifier.QuoteList(keys)})");
        return $"CREATE TABLE {table} (\n{string.Join(",\n", lines)}\n)";
    }

    private static List<string> Names(CsvInput input)
    {
        var faults = new CsvFaults(input);
        var names = input.Header.Select(ColumnNames.SnakeCase).ToList();
        for (var i = 0; i < names.Count; i++)
        {
            if (names[i].Length == 0)
                faults.Add(1, null, $"column {i + 1} is called \"{input.Header[i]}\", after which no column of a table can be named; rename it");
            else if (names.IndexOf(names[i]) is var first && first < i)
                faults.Add(1, null, $"the columns \"{input.Header[first]}\" and \"{input.Header[i]}\" would both be named {names[i]}; rename one");
        }

        faults.ThrowIfAny();
        return names;
    }

    private static List<string> Keys(CsvInput input, List<string> names, IReadOnlyList<string> key)
    {
        var faults = new CsvFaults(input);
        foreach (var missing in key.Where(name => !names.Contains(ColumnNames.SnakeCase(name))))
            faults.Add(1, null, $"the file has no column \"{missing}\", which --key names{Suggestion.For(missing, input.Header)}");
        faults.ThrowIfAny();
        return [.. key.Select(ColumnNames.SnakeCase).Distinct()];
    }

    private static bool IsCode(ReadOnlySpan<byte> field)
    {
        var digits = field.TrimStart("+-"u8);
        return field[0] == '+' || (digits.Length > 1 && digits[0] == '0' && char.IsAsciiDigit((char)digits[1]));
    }

    /// <summary>The types that hold all values of a column so far.</summary>
    private sealed class Candidates
    {
        private readonly bool[] hold = [.. Types.Select(_ => true)];
        private bool hasValue;

        public string SqlType => hasValue && Array.IndexOf(hold, true) is >= 0 and var first ? Types[first].SqlType : "text";

        public void Add(ReadOnlySpan<byte> field)
        {
            hasValue = true;
            for (var i = 0; i < hold.Length; i++)
                hold[i] = hold[i] && !field.IsEmpty && Types[i].Holds(field);
        }
    }
}

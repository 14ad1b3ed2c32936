using BatchScorer.Errors;
using BatchScorer.Exchange.Csv;
using BatchScorer.Jobs;

namespace BatchScorer.Exchange.Import;

/// <summary>Fits a file's header and a table together.</summary>
internal static class HeaderBinding
{
    /// <summary>The table's column for each of the file's: of the same name, or else as the inputs of jobs find theirs.</summary>
    /// <param name="input">The file.</param>
    /// <param name="table">What messages call the table.</param>
    /// <param name="columns">Its columns.</param>
    /// <exception cref="BatchScorerException">Something does not fit; all of it is told.</exception>
    public static IReadOnlyList<TargetColumn> Bind(CsvInput input, string table, IReadOnlyList<TargetColumn> columns)
    {
        var faults = new CsvFaults(input);
        var bound = input.Header.Select(name => Find(name, table, columns, faults)).ToList();
        foreach (var twice in bound.OfType<TargetColumn>().GroupBy(column => column.Name).Where(same => same.Count() > 1))
        {
            var names = input.Header.Where((_, i) => bound[i]?.Name == twice.Key);
            faults.Add(1, null, $"the columns \"{string.Join("\" and \"", names)}\" both mean \"{twice.Key}\" of {table}; leave one out");
        }

        foreach (var missing in columns.Where(column => column is { IsRequired: true, HasDefault: false, IsGenerated: false }).Except(bound.OfType<TargetColumn>()))
            faults.Add(1, null, $"the file has no column \"{missing.Name}\"{Suggestion.For(missing.Name, input.Header.Where((_, i) => bound[i] is null))}, for which {table} needs a value in every row");
        faults.ThrowIfAny();
        return [.. bound.Select(column => column!)];
    }

    private static TargetColumn? Find(string name, string table, IReadOnlyList<TargetColumn> columns, CsvFaults faults)
    {
        var names = columns.Select(column => column.Name).ToList();
        var candidates = ColumnNames.Candidates(name, names);
        switch (candidates)
        {
            case [var found]:
                var column = columns.First(column => column.Name == found);
                if (column.IsGenerated)
                    faults.Add(1, name, $"the database fills \"{found}\" of {table} by itself; leave the column out of the file");
                return column;
            case []:
                faults.Add(1, name, $"{table} has no such column{Suggestion.For(name, names)}; it has {string.Join(", ", names)}");
                return null;
            default:
                faults.Add(1, name, $"{table} has more than one column like it, \"{string.Join("\", \"", candidates)}\"; write the name of the one that is meant");
                return null;
        }
    }
}

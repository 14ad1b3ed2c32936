using System.Text;
using BatchScorer.Errors;

namespace BatchScorer.Jobs;

/// <summary>How names of a model's columns and names of a database's columns go together.</summary>
internal static class ColumnNames
{
    /// <summary>
    /// Finds the column for an input that the job does not map: the one of the same name, or else the only one that differs in case
    /// alone, or else the only one with the same name in snake_case.
    /// </summary>
    /// <param name="modelColumn">The model's name for it, such as <c>TenureMonths</c>.</param>
    /// <param name="availableColumns">The columns of the source.</param>
    /// <param name="remedy">How to name the column that is meant; null for the way of job files.</param>
    public static ColumnMatch Match(string modelColumn, IReadOnlyCollection<string> availableColumns, string? remedy = null)
    {
        remedy ??= $"\"inputs\": {{ \"{modelColumn}\": \"…\" }}";
        var candidates = Candidates(modelColumn, availableColumns);
        return candidates switch
        {
            [var column] => new ColumnMatch(column, null),
            [] => Fault($"the model's input \"{modelColumn}\" is like no column", remedy, Suggestion.For(modelColumn, availableColumns)),
            _ => Fault($"the model's input \"{modelColumn}\" is like more than one column, \"{string.Join("\", \"", candidates)}\"", remedy),
        };
    }

    /// <summary>The columns that a name may mean, by the rules of <see cref="Match"/>: one where it is clear.</summary>
    public static IReadOnlyList<string> Candidates(string name, IReadOnlyCollection<string> columns)
    {
        if (columns.Contains(name))
            return [name];
        var candidates = Like(columns, column => column.Equals(name, StringComparison.OrdinalIgnoreCase));
        return candidates.Count > 0 || SnakeCase(name).Length == 0 ? candidates : Like(columns, column => SnakeCase(column) == SnakeCase(name));
    }

    /// <summary>
    /// A name in small letters with <c>_</c> between its words: <c>PredictedLabel</c> is <c>predicted_label</c>, <c>HTTPErrors24h</c>
    /// is <c>http_errors24h</c>. What is neither letter nor digit parts words too.
    /// </summary>
    public static string SnakeCase(string name)
    {
        var snake = new StringBuilder(name.Length + 8);
        for (var i = 0; i < name.Length; i++)
        {
            if (!char.IsLetterOrDigit(name[i]))
                EndWord(snake);
            else if (i > 0 && BeginsWord(name, i))
                EndWord(snake).Append(char.ToLowerInvariant(name[i]));
            else
                snake.Append(char.ToLowerInvariant(name[i]));
        }

        return snake.ToString().TrimEnd('_');
    }

    /// <summary>A capital begins a word after a small letter or a digit, and before a small letter at the end of a run of capitals.</summary>
    private static bool BeginsWord(string name, int i) =>
        char.IsUpper(name[i]) && (!char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1])));

    private static StringBuilder EndWord(StringBuilder snake) =>
        snake.Length == 0 || snake[^1] == '_' ? snake : snake.Append('_');

    private static List<string> Like(IEnumerable<string> columns, Predicate<string> alike) => [.. columns.Where(column => alike(column)).Distinct()];

    private static ColumnMatch Fault(string reason, string remedy, string suggestion = "") =>
        new(null, $"{reason}; name the one that is meant, {remedy}{suggestion}");
}

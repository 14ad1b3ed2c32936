namespace BatchScorer.Errors;

/// <summary>Finds what a user who mistyped a name is likely to have meant.</summary>
internal static class Suggestion
{
    /// <summary>
    /// <c>, did you mean "x"?</c> for the known name nearest to <paramref name="unknown"/>, or an empty string when none is near.
    /// </summary>
    public static string For(string unknown, IEnumerable<string> known) =>
        Nearest(unknown, known) is { } nearest ? $", did you mean \"{nearest}\"?" : "";

    /// <summary>The known name nearest to <paramref name="unknown"/>, or null when none is near.</summary>
    /// <remarks>
    /// Near means a Levenshtein distance of at most a third of the longer name, letters compared without case and
    /// with <c>_</c> and <c>-</c> left out.
    /// </remarks>
    public static string? Nearest(string unknown, IEnumerable<string> known) => known
        .Select(name => (Name: name, Distance: Distance(Fold(unknown), Fold(name)), Longer: Math.Max(unknown.Length, name.Length)))
        .Where(candidate => candidate.Distance * 3 <= candidate.Longer)
        .OrderBy(candidate => candidate.Distance)
        .Select(candidate => candidate.Name)
        .FirstOrDefault();

    private static string Fold(string name) =>
        string.Concat(name.Where(letter => letter is not ('_' or '-'))).ToUpperInvariant();

    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, 1 + Math.Min(row[j], row[j - 1]));
            }
        }

        return row[b.Length];
    }
}

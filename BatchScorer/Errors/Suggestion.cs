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
    /// Near means that letters added, left out, replaced or swapped with their neighbour (optimal string alignment) are at most
    /// a third of the longer name, compared without case and with <c>_</c> and <c>-</c> left out.
    /// </remarks>
    public static string? Nearest(string unknown, IEnumerable<string> known) => known
        .Where(name => IsNear(Math.Abs(Fold(unknown).Length - Fold(name).Length), unknown, name))
        .Select(name => (Name: name, Distance: Distance(Fold(unknown), Fold(name))))
        .Where(candidate => IsNear(candidate.Distance, unknown, candidate.Name))
        .OrderBy(candidate => candidate.Distance)
        .Select(candidate => candidate.Name)
        .FirstOrDefault();

    private static bool IsNear(int distance, string a, string b) => distance * 3 <= Math.Max(a.Length, b.Length);

    private static string Fold(string name) =>
        string.Concat(name.Where(letter => letter is not ('_' or '-'))).ToUpperInvariant();

    private static int Distance(string a, string b)
    {
        var distance = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            distance[i, 0] = i;
        for (var j = 0; j <= b.Length; j++)
            distance[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var substituted = distance[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                distance[i, j] = Math.Min(substituted, 1 + Math.Min(distance[i - 1, j], distance[i, j - 1]));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    distance[i, j] = Math.Min(distance[i, j], distance[i - 2, j - 2] + 1);
            }
        }

        return distance[a.Length, b.Length];
    }
}

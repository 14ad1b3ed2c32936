namespace BatchScorer.Jobs;

/// <summary>The columns of a job's predictions table: its key, its outputs, what it carries, and those of every such table.</summary>
internal static class PredictionColumns
{
    /// <summary>The columns that every predictions table has, and those that its views add.</summary>
    public static IReadOnlyList<string> Common { get; } =
        ["source_cursor", "run_id", "chunk_no", "planned_on", "published_at", "shown_from", "shown_to", "model_name", "model_version", "scored_at"];

    /// <summary>How many columns of its own a job can have: a table or view of PostgreSQL has at most 1,600.</summary>
    public static int Most { get; } = 1600 - Common.Count;

    /// <summary>PostgreSQL gives these to every table, and takes no others of the name.</summary>
    private static readonly string[] OfPostgres = ["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"];

    /// <summary>Finds columns that cannot be in the table because their name is taken, or because the table is full.</summary>
    /// <param name="columns">Key columns, outputs, carried columns, each with the place that names it.</param>
    /// <returns>The place of each column whose name is taken before, and of the first there is no room for, with a message that says why.</returns>
    public static IEnumerable<(string Path, string Fault)> Misfits(IEnumerable<(string Path, string Column)> columns)
    {
        var taken = Common.Concat(OfPostgres).ToDictionary(column => column, _ => "every predictions table or view of it has one");
        var count = 0;
        foreach (var (path, column) in columns)
        {
            if (++count > Most)
            {
                yield return (path, $"the predictions table has no room for \"{column}\": expected at most {Most} columns in key, outputs and carry, since PostgreSQL allows 1600 and {Common.Count} are every table's or view's own; leave some out");
                yield break;
            }

            if (!taken.TryAdd(column, $"{path} has it"))
                yield return (path, $"the predictions table cannot have another column \"{column}\", {taken[column]}; {Remedy(path)}");
        }
    }

    private static string Remedy(string path) =>
        path.StartsWith("outputs", StringComparison.Ordinal) ? "choose another name" : "leave it out, or rename it in a query";
}

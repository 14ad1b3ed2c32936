namespace BatchScorer.Cli.Printing;

/// <summary>Names and values, a line each.</summary>
internal static class Fields
{
    public static void Print(TextWriter writer, params IReadOnlyList<(string Name, string? Value)> fields)
    {
        var width = fields.Max(field => field.Name.Length);
        foreach (var (name, value) in fields.Where(field => field.Value is not null))
            writer.WriteLine($"{name.PadRight(width)}  {value}");
    }
}

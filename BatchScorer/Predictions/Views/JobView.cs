using BatchScorer.Postgres;

namespace BatchScorer.Predictions.Views;

/// <summary>A view of a job's predictions that is made again when the job gains columns.</summary>
/// <param name="Name">Its name as SQL.</param>
/// <param name="Comment">What readers are told about it.</param>
/// <param name="Columns">Its columns, in the order in which a new view has them.</param>
/// <param name="From">What follows its column list.</param>
internal sealed record JobView(string Name, string Comment, IReadOnlyList<ViewColumn> Columns, string From)
{
    /// <summary>
    /// The view with its columns in the order in which it has them already, and those it lacks behind them: PostgreSQL replaces a view only
    /// like that, and a view that is dropped instead loses its grants, or cannot be since others have built on it.
    /// </summary>
    public JobView InOrderOf(IReadOnlyList<string> existing) => this with
    {
        Columns = [.. Columns.OrderBy(column => existing.ToList().IndexOf(column.Name) is >= 0 and var place ? place : int.MaxValue)],
    };

    /// <summary>The statements that make the view and explain it.</summary>
    public string Create() =>
        $"""
        CREATE OR REPLACE VIEW {Name} AS
        SELECT {string.Join(",\n       ", Columns.Select(column => $"{column.Expression} AS {SqlIdentifier.Quote(column.Name)}"))}
        {From};
        COMMENT ON VIEW {Name} IS {SqlLiteral.Quote(Comment)};
        {string.Join('\n', Columns.Select(column => $"COMMENT ON COLUMN {Name}.{SqlIdentifier.Quote(column.Name)} IS {SqlLiteral.Quote(column.Comment)};"))}
        """;
}

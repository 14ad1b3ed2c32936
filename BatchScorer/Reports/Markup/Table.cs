namespace BatchScorer.Reports.Markup;

/// <summary>A table whose rows become cards on a narrow screen. The roles are stated, since some browsers forget them with the cards.</summary>
/// <param name="caption">What is in it.</param>
/// <param name="columns">The headers; one that ends with <c>&gt;</c> is of figures, which stand to the right, and one with <c>~</c> of texts of any length.</param>
internal sealed class Table(string caption, params string[] columns)
{
    private readonly List<Html> rows = [];

    /// <summary>Adds a row with a cell a column, the first of which is its header.</summary>
    public void Add(params Html[] cells) => rows.Add(Html.Of($"<tr role=\"row\">{cells.Select(Cell)}</tr>\n"));

    public Html ToHtml() => Html.Of(
        $"""
        <table role="table">
        <caption>{caption}</caption>
        <thead role="rowgroup"><tr role="row">{columns.Select((_, i) => Html.Of($"<th role=\"columnheader\" scope=\"col\"{Class(i)}>{Name(i)}</th>"))}</tr></thead>
        <tbody role="rowgroup">
        {rows}</tbody>
        </table>

        """);

    private Html Cell(Html content, int i) => i == 0
        ? Html.Of($"<th role=\"rowheader\" scope=\"row\" data-column=\"{Name(i)}\"{Class(i)}><span>{content}</span></th>")
        : Html.Of($"<td role=\"cell\" data-column=\"{Name(i)}\"{Class(i)}><span>{content}</span></td>");

    private string Name(int i) => columns[i].TrimEnd('>', '~');

    private Html Class(int i) => columns[i] switch
    {
        [.., '>'] => Html.Of($" class=\"figure\""),
        [.., '~'] => Html.Of($" class=\"text\""),
        _ => default,
    };
}

using Spectre.Console;

namespace BatchScorer.Cli.Printing;

/// <summary>Rows in columns, without lines around them, so that they can be read, cut and searched alike.</summary>
internal sealed class TextTable
{
    private readonly Table table = new Table { Border = TableBorder.None, UseSafeBorder = true }.Collapse();

    /// <summary>Starts a table.</summary>
    /// <param name="columns">Their headings; one that ends in <c>&gt;</c> is aligned to the right, as numbers are.</param>
    public TextTable(params ReadOnlySpan<string> columns)
    {
        foreach (var column in columns)
        {
            var heading = column.TrimEnd('>');
            table.AddColumn(new TableColumn(new Text(heading, new Style(decoration: Decoration.Bold)))
            {
                Alignment = heading.Length < column.Length ? Justify.Right : Justify.Left,
                Padding = new Padding(0, 0, 2, 0),
                NoWrap = heading.Length < column.Length,
            });
        }
    }

    public void Add(params IEnumerable<string?> cells) => table.AddRow(cells.Select(cell => new Text(cell ?? "")));

    public void Print(IAnsiConsole console) => console.Write(table);
}

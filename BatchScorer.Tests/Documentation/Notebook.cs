using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace BatchScorer.Tests.Documentation;

/// <summary>A Jupyter notebook (nbformat.readthedocs.io, version 4).</summary>
internal sealed partial class Notebook
{
    private readonly JsonArray cells;

    private Notebook(JsonArray cells) => this.cells = cells;

    /// <summary>The code of each cell that has some, in their order.</summary>
    public IReadOnlyList<string> Code => [.. CodeCells.Select(cell => string.Concat(cell["source"]!.AsArray().Select(line => line!.GetValue<string>())))];

    /// <summary>The queries that it asks, in their order.</summary>
    public IReadOnlyList<string> Queries => [.. Code.SelectMany(code => Query().Matches(code)).Select(query => query.Groups["text"].Value.Trim())];

    /// <summary>How many cells have an answer in them, or a number from having been run.</summary>
    public int CellsThatWereRun => CodeCells.Count(cell => cell["outputs"]!.AsArray().Count > 0 || cell["execution_count"] is not null);

    private IEnumerable<JsonNode> CodeCells => cells.Where(cell => cell!["cell_type"]!.GetValue<string>() == "code")!;

    /// <summary>Reads a notebook.</summary>
    /// <param name="path">Where it is, from the repository's root.</param>
    public static Notebook Read(string path) => new(JsonNode.Parse(File.ReadAllText(Repository.PathTo(path)))!["cells"]!.AsArray());

    [GeneratedRegex("ask\\(\"\"\"(?<text>.*?)\"\"\"\\)", RegexOptions.Singleline)]
    private static partial Regex Query();
}

namespace BatchScorer.Reports.Markup;

/// <summary>
/// A piece of HTML. The only way to one is an interpolated string, whose text stands as it is written in the program and whose holes are
/// encoded: what comes from a database, a file or a network never becomes markup.
/// </summary>
internal readonly record struct Html
{
    private readonly string? text;

    private Html(string text) => this.text = text;

    /// <summary>The piece that an interpolated string writes: <c>Html.Of($"&lt;td&gt;{value}&lt;/td&gt;")</c>. Attributes have to be in quotes.</summary>
    public static Html Of(HtmlInterpolation html) => new(html.ToString());

    public override string ToString() => text ?? "";
}

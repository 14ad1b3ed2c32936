namespace BatchScorer.Reports.Markup;

/// <summary>Names with their values, those without a value left out.</summary>
internal static class Facts
{
    /// <param name="kind">The class of the list: <c>facts</c>, or <c>tiles</c> for a few large figures.</param>
    /// <param name="facts">Names and values.</param>
    public static Html Of(string kind, params (string Name, Html? Value)[] facts) => Html.Of(
        $"<dl class=\"{kind}\">{facts.Where(fact => fact.Value is not null).Select(fact => Html.Of($"<div><dt>{fact.Name}</dt><dd>{fact.Value!.Value}</dd></div>\n"))}</dl>\n");
}

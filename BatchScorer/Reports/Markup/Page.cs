namespace BatchScorer.Reports.Markup;

/// <summary>A whole page, which needs nothing but itself.</summary>
internal sealed record Page
{
    /// <summary>What a page may load: nothing. Its own styles stand in it, and its icon is no image, so that no browser asks for one.</summary>
    public const string Policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

    public required string Title { get; init; }

    public required Html Body { get; init; }

    /// <summary>After how many seconds a browser asks for the page again; null for never.</summary>
    public int? RefreshSeconds { get; init; }

    public override string ToString() => Html.Of(
        $"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta http-equiv="Content-Security-Policy" content="{Policy}">
        <meta name="referrer" content="no-referrer">
        <meta name="robots" content="noindex">
        <meta name="color-scheme" content="light dark">
        {(RefreshSeconds is { } seconds ? Html.Of($"<meta http-equiv=\"refresh\" content=\"{seconds}\">") : default)}
        <title>{Title}</title>
        <link rel="icon" href="data:,">
        {Style.Sheet}
        </head>
        <body>
        {Body}
        </body>
        </html>

        """).ToString();
}

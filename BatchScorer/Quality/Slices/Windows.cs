using BatchScorer.Jobs;

namespace BatchScorer.Quality.Slices;

/// <summary>Days, weeks and months in UTC.</summary>
internal static class Windows
{
    /// <summary>The beginning of the window that an instant is in.</summary>
    public static DateTime From(DateTime utc, LabelWindow window) => window switch
    {
        LabelWindow.Day => utc.Date,
        LabelWindow.Week => utc.Date.AddDays(-(((int)utc.DayOfWeek + 6) % 7)),
        _ => new DateTime(utc.Year, utc.Month, 1, 0, 0, 0, DateTimeKind.Utc),
    };

    /// <summary>Where the window after the one that begins then begins.</summary>
    public static DateTime To(DateTime from, LabelWindow window) => window switch
    {
        LabelWindow.Day => from.AddDays(1),
        LabelWindow.Week => from.AddDays(7),
        _ => from.AddMonths(1),
    };
}

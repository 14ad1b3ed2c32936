namespace BatchScorer.Quality.Slices;

/// <summary>How long after its prediction was published a label's time is, in ranges: quality of what shows early is not that of what takes long.</summary>
internal static class LabelLag
{
    private static readonly (int Days, string Name)[] Ranges = [(1, "under 1 day"), (7, "1 to 7 days"), (30, "7 to 30 days"), (90, "30 to 90 days")];

    private const string Rest = "90 days or more";

    /// <summary>The name of the range, whose lower end belongs to it.</summary>
    public static string Of(TimeSpan lag) => Ranges.FirstOrDefault(range => lag < TimeSpan.FromDays(range.Days)).Name ?? Rest;

    /// <summary>The place of a range among all of them, the shortest first.</summary>
    public static int Order(string name) => Array.FindIndex(Ranges, range => range.Name == name) is >= 0 and var place ? place : Ranges.Length;
}

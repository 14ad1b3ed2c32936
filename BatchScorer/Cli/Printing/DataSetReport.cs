using BatchScorer.Training.Data;
using BatchScorer.Wording;

namespace BatchScorer.Cli.Printing;

/// <summary>Says what became of the labelled predictions of which a data set was made.</summary>
internal static class DataSetReport
{
    /// <summary>Names and values for <see cref="Fields"/>; a reason for which nothing is left out has no value.</summary>
    public static IReadOnlyList<(string Name, string? Value)> Describe(DataSet data) =>
    [
        ("rows", $"{Readable.Count(data.Rows)} of {Readable.Count(data.Labelled)} labelled predictions"),
        LeftOut("changed", data.Changed, "whose source row has changed since it was scored"),
        LeftOut("vanished", data.Vanished, "whose source row is gone"),
        LeftOut("expired", data.Expired, "that are no longer kept themselves"),
        LeftOut("repeated", data.Repeated, "of a row that has a newer label"),
        LeftOut("rejected", data.Rejected, "whose row no longer fits the model's inputs"),
        ("note", data.TellsChanges || data.Rows == 0 ? null : "the job has no cursor, so nothing tells whether a row is still what was scored: rows are as they are now"),
    ];

    private static (string Name, string? Value) LeftOut(string name, long rows, string which) =>
        (name, rows == 0 ? null : $"{Readable.Count(rows)} left out {which}");
}

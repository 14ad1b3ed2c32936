using BatchScorer.Batches;
using BatchScorer.Profiles;

namespace BatchScorer.Tests.Profiles;

/// <summary>Profiles rows that a test names, chunk by chunk.</summary>
internal static class ProfiledRows
{
    /// <summary>The profile of Singles; NaN is a missing one.</summary>
    public static NumberProfile Of(IReadOnlyList<float> values) => (NumberProfile)Profile(ValueKind.Single, values, (column, row, value) => ((Column<float>)column).Values[row] = value);

    /// <summary>The profile of doubles; NaN is a missing one.</summary>
    public static NumberProfile Of(IReadOnlyList<double> values) => (NumberProfile)Profile(ValueKind.Double, values, (column, row, value) => ((Column<double>)column).Values[row] = value);

    /// <summary>The profile of texts; an empty one is missing.</summary>
    public static CategoryProfile Of(IReadOnlyList<string> values) => (CategoryProfile)Profile(ValueKind.Text, values, (column, _, value) => ((TextColumn)column).Append(value));

    /// <summary>The profile of a column whose batches are filled one after the other.</summary>
    public static ColumnProfile Profile<T>(ValueKind kind, IReadOnlyList<T> values, Action<Column, int, T> write)
    {
        var batch = Batch.Create([("X", new ColumnType(kind))], 1024);
        var collector = new ProfileCollector([new ProfiledColumn(ProfileSide.Input, "X", batch.Columns[0])]);
        foreach (var rows in values.Chunk(batch.Capacity))
        {
            batch.Truncate(0);
            for (var row = 0; row < rows.Length; row++)
                write(batch.Columns[0], row, rows[row]);
            collector.Add(new bool[rows.Length]);
        }

        return collector.Take().Columns.Single();
    }

    /// <summary>All of a profile, to be compared.</summary>
    public static byte[] BytesOf(ColumnProfile profile) => ProfileFormat.Write(new TableProfile([profile]));
}

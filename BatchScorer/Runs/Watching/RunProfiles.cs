using System.Text.Json;
using BatchScorer.Drift;
using BatchScorer.Profiles;
using Dapper;
using Npgsql;

namespace BatchScorer.Runs.Watching;

/// <summary>The profiles of runs, a row a column.</summary>
internal static class RunProfiles
{
    private const int MostCategoriesShown = 50;

    private const string Insert =
        """
        INSERT INTO scoring.run_profiles (run_id, side, column_name, place, rows, nulls, mean, standard_deviation, least, greatest, distinct_values, histogram, categories, profile)
        VALUES (@runId, @side, @name, @place, @rows, @nulls, @mean, @deviation, @least, @greatest, @distinct, @histogram::jsonb, @categories::jsonb, @profile)
        """;

    private const string Select = "SELECT profile FROM scoring.run_profiles WHERE run_id = @runId ORDER BY place";

    public static async Task WriteAsync(NpgsqlConnection connection, long runId, TableProfile profile, CancellationToken cancellationToken)
    {
        for (var place = 0; place < profile.Columns.Count; place++)
        {
            var column = profile.Columns[place];
            var numbers = column as NumberProfile;
            var categories = column as CategoryProfile;
            var hasValues = numbers?.Present > 0;
            await connection.ExecuteAsync(new CommandDefinition(Insert, new
            {
                runId,
                side = RunStore.Word(column.Side),
                name = column.Name,
                place,
                rows = column.Rows,
                nulls = column.Missing,
                mean = numbers?.Mean,
                deviation = numbers?.StandardDeviation,
                least = hasValues ? numbers?.Min : null,
                greatest = hasValues ? numbers?.Max : null,
                distinct = categories?.Distinct,
                histogram = numbers is null ? null : JsonSerializer.Serialize(Bars(numbers)),
                categories = categories is null ? null : JsonSerializer.Serialize(Shown(categories)),
                profile = ProfileFormat.Write(new TableProfile([column])),
            }, cancellationToken: cancellationToken));
        }
    }

    /// <summary>A run's profile; null where it has none.</summary>
    public static async Task<TableProfile?> ReadAsync(NpgsqlConnection connection, long runId, CancellationToken cancellationToken)
    {
        var columns = await connection.QueryAsync<byte[]>(new CommandDefinition(Select, new { runId }, cancellationToken: cancellationToken));
        return columns.SelectMany(column => ProfileFormat.Read(column).Columns).ToList() is { Count: > 0 } all ? new TableProfile(all) : null;
    }

    /// <summary>About twenty bars of about as many rows each, for people: comparisons go by the finer bins in the profile.</summary>
    private static IEnumerable<object> Bars(NumberProfile numbers) =>
        new AlignedBins(numbers.Histogram, numbers.Histogram).Bars().Select(bar => new { from = Number(bar.Least), to = Number(bar.Greatest), rows = bar.Reference });

    private static object Number(double value) => double.IsFinite(value) ? value : value > 0 ? "Infinity" : "-Infinity";

    // What few rows have might tell of a single person.
    private static object Shown(CategoryProfile categories)
    {
        var named = categories.Categories.Where(category => category.Rows >= DriftDetail.FewestToName)
            .OrderByDescending(category => category.Rows).ThenBy(category => category.Text, StringComparer.Ordinal).Take(MostCategoriesShown).ToList();
        return new { named = named.Select(category => new { value = category.Text, rows = category.Rows }), others = categories.Present - named.Sum(category => category.Rows) };
    }
}

using BatchScorer.Postgres;
using BatchScorer.Registry.References;
using BatchScorer.Reports.Distributions;
using BatchScorer.Runs;
using BatchScorer.Runs.Watching;

namespace BatchScorer.Reports.Watching;

/// <summary>How far a run's columns are from others.</summary>
/// <param name="Report">What was measured, the columns that have drifted the most first.</param>
/// <param name="Drawn">The values of the first of these, beside what they are the farthest from.</param>
internal sealed record RunDrift(DriftReport Report, IReadOnlyDictionary<DriftedColumn, OutputDistribution> Drawn)
{
    /// <summary>The columns for which a page has room.</summary>
    public const int MostDrawn = 12;

    /// <summary>Reads what was measured when the run was published.</summary>
    /// <returns>Null where the run has no profile.</returns>
    public static async Task<RunDrift?> ReadAsync(Database database, RunRecord run, CancellationToken cancellationToken)
    {
        if (await new DriftCatalog(database).FindAsync(run.Job, run.RunId, cancellationToken) is not { } report)
            return null;
        await using var connection = await database.Writers.OpenConnectionAsync(cancellationToken);
        var now = await RunProfiles.ReadAsync(connection, run.RunId, cancellationToken);
        var drawn = new Dictionary<DriftedColumn, OutputDistribution>();
        foreach (var columns in report.Columns.Take(MostDrawn).GroupBy(column => column.Measures[0].AgainstRun))
        {
            var before = columns.Key is { } compared
                ? await RunProfiles.ReadAsync(connection, compared, cancellationToken)
                : await ReferenceProfiles.FindAsync(connection, run.ModelSha256, cancellationToken);
            foreach (var column in columns)
            {
                if (now?.Columns.FirstOrDefault(profile => profile.Name == column.Column && RunStore.Word(profile.Side) == column.Side) is { } profile
                    && before?.Find(profile) is { } other
                    && ComparedDistribution.Of(profile, other, NameOf(columns.Key)) is { } distribution)
                    drawn.Add(column, distribution);
            }
        }

        return new RunDrift(report, drawn);
    }

    /// <summary>What a run was compared with, in words.</summary>
    public static string NameOf(long? comparedRun) => comparedRun is { } run ? $"run {run}" : "the reference";
}

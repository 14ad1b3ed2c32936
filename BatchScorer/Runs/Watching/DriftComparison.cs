using BatchScorer.Drift;
using BatchScorer.Jobs;
using BatchScorer.Profiles;

namespace BatchScorer.Runs.Watching;

/// <summary>Which past a measure of a column has.</summary>
internal sealed record PastKey(ProfileSide Side, string Column, DriftMeasure Measure, DriftBase Against);

/// <summary>Compares a run's profile with another, column by column, by the job's limits and by what is known of past runs.</summary>
internal sealed class DriftComparison(JobWatch watch, IReadOnlyDictionary<PastKey, PastSpread> past)
{
    /// <summary>What every measure says of every column that both have.</summary>
    public IEnumerable<MeasuredDrift> Compare(TableProfile run, ComparedProfile with)
    {
        foreach (var column in run.Columns)
        {
            if (with.Profile.Find(column) is not { } reference)
                continue;
            foreach (var (measure, value) in ColumnDrift.Measure(reference, column))
                yield return Judge(reference, column, with, measure, value);
        }
    }

    private MeasuredDrift Judge(ColumnProfile reference, ColumnProfile column, ComparedProfile with, DriftMeasure measure, double value)
    {
        var named = watch.OfColumn(column.Name)?.Of(measure) ?? watch.Drift.Of(measure);
        var limit = ColumnDrift.HasEnoughRows(reference, column, measure)
            ? DriftLimit.Of(measure, named, past.GetValueOrDefault(new PastKey(column.Side, column.Name, measure, with.Against)))
            : null;
        var drifted = limit is { } most && DriftLimit.IsBeyond(measure, value, most);
        return new MeasuredDrift(
            column.Side, column.Name, with.Against, with.RunId, measure, value, limit, drifted, drifted ? DriftDetail.Of(measure, reference, column) : null);
    }
}

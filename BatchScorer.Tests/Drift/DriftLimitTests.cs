using BatchScorer.Drift;
using BatchScorer.Profiles;
using BatchScorer.Tests.Profiles;

namespace BatchScorer.Tests.Drift;

internal sealed class DriftLimitTests
{
    [Test]
    public void Without_a_past_the_limit_is_a_tenth_and_then_three_standard_deviations_above_the_mean()
    {
        Assert.That(DriftLimit.Of(DriftMeasure.Psi, null, null), Is.EqualTo(0.1));
        Assert.That(DriftLimit.Of(DriftMeasure.Psi, null, new PastSpread(4, 0.5, 0)), Is.EqualTo(0.1));
        Assert.That(DriftLimit.Of(DriftMeasure.Psi, null, new PastSpread(5, 0.04, 0.01)), Is.EqualTo(0.07).Within(1e-15));
        Assert.That(DriftLimit.Of(DriftMeasure.Psi, null, new PastSpread(5, 0.001, 0)), Is.EqualTo(0.02));
        Assert.That(DriftLimit.Of(DriftMeasure.Psi, 0.3, new PastSpread(5, 0.04, 0.01)), Is.EqualTo(0.3));
    }

    [Test]
    public void A_test_has_a_limit_only_where_the_job_names_one_and_is_beyond_it_below()
    {
        Assert.That(DriftLimit.Of(DriftMeasure.ChiSquaredP, null, new PastSpread(9, 0.5, 0.1)), Is.Null);
        Assert.That(DriftLimit.IsBeyond(DriftMeasure.ChiSquaredP, 0.04, DriftLimit.Of(DriftMeasure.ChiSquaredP, 0.05, null)!.Value), Is.True);
        Assert.That(DriftLimit.IsBeyond(DriftMeasure.Psi, 0.04, 0.05), Is.False);
        Assert.That(DriftLimit.Excess(DriftMeasure.ChiSquaredP, 0.01, 0.05), Is.EqualTo(5));
        Assert.That(DriftLimit.Excess(DriftMeasure.Psi, 0.2, 0.1), Is.EqualTo(2));
    }

    [Test]
    public void Small_samples_and_such_of_many_groups_are_too_few_to_tell()
    {
        Assert.That(Enough(999, groups: 2), Is.False);
        Assert.That(Enough(1000, groups: 2), Is.True);
        Assert.That(Enough(2000, groups: 21), Is.True, "20 · (1/2000 + 1/2000) = 0.02");
        Assert.That(Enough(1900, groups: 21), Is.False);
    }

    /// <summary>Samples of one distribution: what is called drift of them is a false alarm.</summary>
    [Test]
    public void Chance_alone_is_hardly_ever_called_drift()
    {
        var random = new Random(5);
        var alarms = 0;
        for (var trial = 0; trial < 100; trial++)
        {
            var (reference, current) = (Sample(random), Sample(random));
            alarms += ColumnDrift.Measure(reference, current)
                .Count(measured => DriftLimit.Of(measured.Key, null, null) is { } limit && ColumnDrift.HasEnoughRows(reference, current, measured.Key) && DriftLimit.IsBeyond(measured.Key, measured.Value, limit));
        }

        Assert.That(alarms, Is.LessThanOrEqualTo(2), "of 100 pairs of samples of 2000 rows, by five measures");
    }

    private static NumberProfile Sample(Random random) => ProfiledRows.Of([.. Enumerable.Range(0, 2000).Select(_ => random.NextSingle())]);

    private static bool Enough(int rows, int groups)
    {
        var profile = ProfiledRows.Of([.. Enumerable.Range(0, rows).Select(i => $"{i % groups}")]);
        return ColumnDrift.HasEnoughRows(profile, profile, DriftMeasure.Psi);
    }
}

using BatchScorer.Reports.Distributions;
using BatchScorer.Reports.Watching;
using BatchScorer.Tests.Profiles;

namespace BatchScorer.Tests.Reports.Watching;

internal sealed class ComparedDistributionTests
{
    [Test]
    public void Numbers_lie_in_groups_of_as_many_rows_of_those_before_and_what_is_beyond_has_one_of_its_own()
    {
        var before = ProfiledRows.Of([.. Enumerable.Range(0, 400).Select(i => (float)i)]);
        var now = ProfiledRows.Of([.. Enumerable.Range(200, 400).Select(i => (float)i), float.NaN]);

        var found = (NumberDistribution)ComparedDistribution.Of(now, before, "run 7")!;

        Assert.That((found.Before, found.Counted, found.Left), Is.EqualTo(("run 7", new Pair(400, 400), new Pair(1, 0))));
        Assert.That(found.Bins.Select(bin => bin.Rows), Is.EqualTo(Enumerable.Repeat(new Pair(0, 20), 10).Concat(Enumerable.Repeat(new Pair(20, 20), 10)).Append(new Pair(200, 0))));
        Assert.That((found.Bins[0].From, found.Bins[^1].From, found.Bins[^1].To), Is.EqualTo((0.0, 400.0, 599.0)).Within(0.001));
        Assert.That((found.Now, found.Then), Is.EqualTo((new NumberSummary(200, 399.5, 599), new NumberSummary(0, 199.5, 399))));
        Assert.That(found.Moved, Is.EqualTo(0.5));
    }

    [Test]
    public void Of_texts_the_most_frequent_are_named_and_none_that_fewer_than_ten_rows_have()
    {
        var before = ProfiledRows.Of([.. Enumerable.Repeat("basic", 60), .. Enumerable.Repeat("gold", 40)]);
        var now = ProfiledRows.Of([.. Enumerable.Repeat("basic", 20), .. Enumerable.Repeat("new", 71), .. Enumerable.Repeat("rare", 9), ""]);

        var found = (ValueDistribution)ComparedDistribution.Of(now, before, "the reference")!;

        Assert.That(found.Values, Is.EqualTo(new[] { ("basic", new Pair(20, 60)), ("new", new Pair(71, 0)), ("gold", new Pair(0, 40)) }));
        Assert.That((found.Others, found.Left), Is.EqualTo((new Pair(9, 0), new Pair(1, 0))));
        Assert.That(DistributionFigures.Draw(found).ToString(), Does.Contain("below the reference").And.Contain("data-column=\"the reference\"").And.Not.Contain("rare"));
    }

    [Test]
    public void A_column_without_values_is_drawn_beside_one_with_but_not_by_itself()
    {
        var none = ProfiledRows.Of([float.NaN]);
        var one = ProfiledRows.Of([1f]);
        Assert.That(ComparedDistribution.Of(none, none, "run 1"), Is.Null);
        foreach (var found in new[] { ComparedDistribution.Of(none, one, "run 1"), ComparedDistribution.Of(one, none, "run 1") })
            Assert.That(DistributionFigures.Draw(found!).ToString(), Does.Contain("<svg"));
        Assert.That(ComparedDistribution.Of(one, ProfiledRows.Of(["1"]), "run 1"), Is.Null, "numbers now, texts before");
    }
}

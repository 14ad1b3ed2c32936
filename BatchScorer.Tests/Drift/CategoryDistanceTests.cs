using BatchScorer.Drift;
using BatchScorer.Tests.Profiles;

namespace BatchScorer.Tests.Drift;

internal sealed class CategoryDistanceTests
{
    /// <summary>NannyML's tests of L-infinity: 0.14, 0 and 0.67.</summary>
    [TestCase("aabbcc", "aabbccd", 1.0 / 7)]
    [TestCase("aabbcc", "aabbcc", 0)]
    [TestCase("aabbcc", "bbbbb", 2.0 / 3)]
    public void L_infinity_distances_that_NannyML_publishes(string reference, string current, double expected) =>
        Assert.That(Compare(reference, current).LInfinity(), Is.EqualTo(expected).Within(1e-15));

    [Test]
    public void New_values_are_found_with_their_share()
    {
        var distances = Compare("aab", "abccde");
        Assert.That(distances.NewCategories(), Is.EqualTo(4.0 / 6));
        Assert.That(distances.New.First(), Has.Property("Text").EqualTo("c").And.Property("Rows").EqualTo(2));
    }

    [Test]
    public void Values_that_are_known_have_a_group_each_and_new_ones_share_one()
    {
        var groups = Compare("aaab", "abcd").Grouped();
        Assert.That(groups.Reference, Is.EqualTo(new[] { 3, 1, 0 }));
        Assert.That(groups.Current, Is.EqualTo(new[] { 1, 1, 2 }));
    }

    [Test]
    public void Of_very_many_values_the_same_ones_are_compared()
    {
        string[] reference = [.. Enumerable.Range(0, 30_000).Select(i => $"value {i % 10_000}")];
        string[] current = [.. Enumerable.Range(0, 30_000).Select(i => $"value {(i + 5_000) % 10_000}")];
        var same = ColumnDrift.Measure(ProfiledRows.Of(reference), ProfiledRows.Of(current));
        Assert.That((same[DriftMeasure.LInfinity], same[DriftMeasure.NewCategories]), Is.EqualTo((0.0, 0.0)));

        string[] half = [.. Enumerable.Range(0, 30_000).Select(i => i % 2 == 0 ? $"value {i % 10_000}" : $"new {i % 10_000}")];
        Assert.That(ColumnDrift.Measure(ProfiledRows.Of(reference), ProfiledRows.Of(half))[DriftMeasure.NewCategories], Is.EqualTo(0.5).Within(0.1));
    }

    private static CategoryDistances Compare(string reference, string current) => new(ProfiledRows.Of(Texts(reference)), ProfiledRows.Of(Texts(current)));

    private static string[] Texts(string letters) => [.. letters.Select(letter => letter.ToString())];
}

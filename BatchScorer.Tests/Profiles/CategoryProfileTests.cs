using System.Text;
using BatchScorer.Batches;
using BatchScorer.Profiles;

namespace BatchScorer.Tests.Profiles;

internal sealed class CategoryProfileTests
{
    [Test]
    public void Each_value_has_its_rows_and_empty_texts_are_missing()
    {
        var profile = ProfiledRows.Of(["a", "", "b", "a"]);
        Assert.That((profile.Rows, profile.Missing, profile.Others, profile.IsWhole, profile.Distinct), Is.EqualTo((4, 1, 0, true, 2.0)));
        Assert.That(profile.Categories.Select(category => (category.Text, category.Rows)), Is.EquivalentTo(new[] { ("a", 2L), ("b", 1L) }));
    }

    [Test]
    public void Of_many_values_a_thousand_are_kept_with_their_exact_rows()
    {
        var profile = ProfiledRows.Of([.. Enumerable.Range(0, 60_000).Select(i => $"value {i % 20_000}")]);
        Assert.That(profile.Categories, Has.Count.EqualTo(1000).And.All.Property(nameof(Category.Rows)).EqualTo(3));
        Assert.That(profile.Others, Is.EqualTo(57_000));
        Assert.That(profile.Distinct, Is.EqualTo(20_000).Within(10).Percent);
        Assert.That(profile.Categories.Select(category => CategoryHash.Of(Encoding.UTF8.GetBytes(category.Text))), Is.EqualTo(profile.Categories.Select(category => category.Hash)).And.Ordered);
    }

    [Test]
    public void A_long_value_is_told_apart_by_all_of_it_but_shown_in_part_and_not_cut_within_a_character()
    {
        var stem = new string('ä', 60);
        var profile = ProfiledRows.Of([stem + "1", stem + "2"]);
        Assert.That(profile.Categories.Select(category => (category.Text, category.Rows)), Is.EqualTo(new[] { (stem[..50], 1L), (stem[..50], 1L) }));
    }

    [Test]
    public void A_key_of_0_is_missing()
    {
        var profile = (CategoryProfile)ProfiledRows.Profile<uint>(ValueKind.Key, [0, 3, 3], (column, row, value) => ((Column<uint>)column).Values[row] = value);
        Assert.That((profile.Missing, profile.Categories.Single().Text, profile.Categories.Single().Rows), Is.EqualTo((1, "3", 2L)));
    }

    [Test]
    public void Stored_profiles_depend_on_the_hash_so_it_never_changes()
    {
        Assert.That(new[] { "", "a", "month_to_month" }.Select(text => CategoryHash.Of(Encoding.UTF8.GetBytes(text)).ToString("x16", null)),
            Is.EqualTo(new[] { "0000000000000000", "405337e338614e91", "9e1d14cfc6df5389" }));
    }
}

using BatchScorer.Profiles;

namespace BatchScorer.Tests.Profiles;

/// <summary>However rows are cut up and in whatever order the parts are put together, their profile has the same bytes.</summary>
internal sealed class ProfileMergeTests
{
    private static readonly Dictionary<string, Func<Random, float>> Numbers = new()
    {
        ["even"] = random => random.NextSingle(),
        ["of many sizes"] = random => MathF.Exp(random.NextSingle() * 150 - 75) * (random.Next(2) * 2 - 1),
        ["whole"] = random => random.Next(40),
        ["whole and many"] = random => random.Next(-3_000, 100_000),
        ["close together"] = random => 293.15f + random.NextSingle(),
        ["with holes"] = random => random.Next(5) switch { 0 => float.NaN, 1 => 0, 2 => -0f, 3 => float.NegativeInfinity, _ => random.NextSingle() },
        ["tiny"] = random => random.Next(1000) * float.Epsilon,
    };

    private static readonly Dictionary<string, Func<Random, string>> Texts = new()
    {
        ["few"] = random => "abc"[random.Next(3)].ToString(),
        ["missing"] = random => random.Next(2) == 0 ? "" : "x",
        ["many"] = random => $"value {random.Next(20_000)}",
        ["long"] = random => new string('ä', random.Next(200)),
    };

    [TestCaseSource(nameof(NumberCases))]
    public void Numbers_do_not_depend_on_how_they_were_cut_up(string values, int seed)
    {
        var random = new Random(seed);
        var all = Enumerable.Range(0, 20_000).Select(_ => Numbers[values](random)).ToArray();
        Compare(ProfiledRows.Of(all), Parts(all, random).Select(part => ProfiledRows.Of(part)), random);
        Compare(ProfiledRows.Of(Doubles(all)), Parts(Doubles(all), random).Select(part => ProfiledRows.Of(part)), random);
    }

    [TestCaseSource(nameof(TextCases))]
    public void Texts_do_not_depend_on_how_they_were_cut_up(string values, int seed)
    {
        var random = new Random(seed);
        var all = Enumerable.Range(0, 20_000).Select(_ => Texts[values](random)).ToArray();
        Compare(ProfiledRows.Of(all), Parts(all, random).Select(part => ProfiledRows.Of(part)), random);
    }

    [Test]
    public void Profiles_of_other_columns_are_not_merged()
    {
        var one = ProfiledRows.BytesOf(ProfiledRows.Of([1f]));
        var other = ProfiledRows.BytesOf(ProfiledRows.Of(["a"]));
        Assert.That(() => ProfileFormat.Merge(one, other), Throws.InvalidOperationException);
    }

    [Test]
    public void Profiles_that_were_stored_before_are_read_and_written_as_they_were()
    {
        var random = new Random(5);
        var numbers = ProfiledRows.Of([.. Enumerable.Range(0, 3000).Select(i => i % 10 == 0 ? float.NaN : (float)(random.NextDouble() * 100 - 20))]);
        var doubles = ProfiledRows.Of([.. Enumerable.Range(0, 3000).Select(_ => random.NextDouble() / 3)]);
        var few = ProfiledRows.Of([1f, -2, 2, 2, float.PositiveInfinity]);
        var texts = ProfiledRows.Of(["month_to_month", "", "two_year", "month_to_month"]);
        var bytes = ProfileFormat.Write(new TableProfile([numbers, doubles, few, texts]));
        Assert.That(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)), Is.EqualTo("abf9703e7358302cde1f99aea200bbe953cb83eb8d50412eab6c16c03185b3fe"));
        Assert.That(ProfileFormat.Write(ProfileFormat.Read(bytes)), Is.EqualTo(bytes));
    }

    private static IEnumerable<object[]> NumberCases => from values in Numbers.Keys from seed in Enumerable.Range(1, 3) select new object[] { values, seed };

    private static IEnumerable<object[]> TextCases => from values in Texts.Keys from seed in Enumerable.Range(1, 3) select new object[] { values, seed };

    private static double[] Doubles(float[] values) => [.. values.Select(value => value / 3.0)];

    private static IEnumerable<T[]> Parts<T>(T[] all, Random random)
    {
        for (var from = 0; from < all.Length;)
        {
            var length = Math.Min(all.Length - from, 1 + random.Next(1 + random.Next(5000)));
            yield return all[from..(from + length)];
            from += length;
        }
    }

    private static void Compare(ColumnProfile whole, IEnumerable<ColumnProfile> parts, Random random)
    {
        var shuffled = parts.Select(ProfiledRows.BytesOf).ToArray();
        random.Shuffle(shuffled);
        Assert.That(ProfileFormat.Merge(shuffled), Is.EqualTo(ProfiledRows.BytesOf(whole)));
    }
}

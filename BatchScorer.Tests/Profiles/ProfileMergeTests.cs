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
        var one = new TableProfile([ProfiledRows.Of([1f])]);
        var other = new TableProfile([ProfiledRows.Of(["a"])]);
        Assert.That(() => one.Merge(other), Throws.InvalidOperationException);
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
        var shuffled = parts.ToArray();
        random.Shuffle(shuffled);
        Assert.That(ProfiledRows.BytesOf(shuffled.Aggregate((one, other) => one.Merge(other))), Is.EqualTo(ProfiledRows.BytesOf(whole)));
    }
}

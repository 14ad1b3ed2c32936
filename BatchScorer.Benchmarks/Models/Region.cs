namespace BatchScorer.Benchmarks.Models;

/// <summary>The rows that reach a leaf while a tree grows: an interval of each number, and some values of each category.</summary>
/// <param name="Depth">How many splits lead to the leaf.</param>
/// <param name="Least">Below each number.</param>
/// <param name="Greatest">The greatest of each number.</param>
/// <param name="Values">Which values each category may still have.</param>
internal sealed record Region(int Depth, float[] Least, float[] Greatest, bool[][] Values)
{
    private const float BetweenZeroAndOne = 0.5f;

    /// <summary>All rows: numbers between 0 and 1, and every value of each category.</summary>
    public static Region Whole(SyntheticModel model) => new(
        0,
        new float[model.Numbers],
        [.. Enumerable.Repeat(1f, model.Numbers)],
        [.. model.Categories.Select(count => Enumerable.Repeat(true, count).ToArray())]);

    /// <summary>A feature and a threshold with rows on either side.</summary>
    public (int Feature, float Threshold) RandomSplit(Random random)
    {
        while (true)
        {
            var input = random.Next(Least.Length + Values.Length);
            if (input < Least.Length)
                return (input, float.Lerp(Least[input], Greatest[input], 0.25f + random.NextSingle() / 2));
            var category = input - Least.Length;
            var open = Enumerable.Range(0, Values[category].Length).Where(value => Values[category][value]).ToArray();
            if (open.Length > 1)
                return (FirstSlot(category) + open[random.Next(open.Length)], BetweenZeroAndOne);
        }
    }

    /// <summary>Parts the rows whose feature is at most the threshold from the others.</summary>
    public (Region Lesser, Region Greater) Cut(int feature, float threshold)
    {
        var below = this with { Depth = Depth + 1 };
        if (feature < Least.Length)
            return (below with { Greatest = With(Greatest, feature, threshold) }, below with { Least = With(Least, feature, threshold) });

        var category = Enumerable.Range(0, Values.Length).Last(candidate => FirstSlot(candidate) <= feature);
        var value = feature - FirstSlot(category);
        var only = new bool[Values[category].Length];
        only[value] = true;
        return (
            below with { Values = With(Values, category, With(Values[category], value, false)) },
            below with { Values = With(Values, category, only) });
    }

    private int FirstSlot(int category) => Least.Length + Values.Take(category).Sum(values => values.Length);

    private static T[] With<T>(T[] values, int index, T value)
    {
        T[] changed = [.. values];
        changed[index] = value;
        return changed;
    }
}

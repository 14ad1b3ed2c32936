namespace BatchScorer.Benchmarks.Models;

/// <summary>The steps from a synthetic model's inputs to its features: one-hot encoding, and concatenation behind the numbers.</summary>
internal static class FeatureSteps
{
    /// <summary>The vector that the steps make.</summary>
    public const string Features = "Features";

    /// <summary>How many steps there are; a vocabulary belongs to its step.</summary>
    public const int Count = 3;

    /// <summary>The steps' entries, each with its folder in the chain; they come first in it.</summary>
    public static IReadOnlyList<(string Folder, Component Component)> Of(SyntheticModel model) =>
    [
        ("Transform_000/", ValueToKey(model)),
        ("Transform_000/Vocabulary/", Vocabulary(model)),
        ("Transform_001/", KeyToVector(model)),
        ("Transform_002/", Concatenate(model)),
    ];

    private static Component ValueToKey(SyntheticModel model)
    {
        var step = new Component("TermTransform", "TERMTRNF"u8, 0x00010003);
        step.Block.Write(model.Categories.Count);
        foreach (var name in model.CategoryNames)
        {
            step.Write(Encoded(name));
            step.Write(name);
        }

        foreach (var _ in model.Categories)
            step.Block.Write(true); // slot names are texts
        return step;
    }

    private static Component Vocabulary(SyntheticModel model)
    {
        var terms = new Component("TermManager", "TERM\0MAN"u8, 0x00010002);
        terms.Block.Write(model.Categories.Count);
        foreach (var count in model.Categories)
        {
            terms.Block.Write(false); // texts, not another type
            terms.Block.Write(count);
            for (var value = 0; value < count; value++)
                terms.Write(SyntheticModel.CategoryValue(value));
        }

        return terms;
    }

    private static Component KeyToVector(SyntheticModel model)
    {
        var step = new Component("KeyToVectorTransform", "KEY2VECT"u8, 0x00010002);
        step.Block.Write(model.Categories.Count);
        foreach (var name in model.CategoryNames)
        {
            step.Write(Encoded(name));
            step.Write(Encoded(name));
        }

        foreach (var _ in model.Categories)
            step.Block.Write(false); // one-hot, not a bag
        return step;
    }

    private static Component Concatenate(SyntheticModel model)
    {
        var step = new Component("ConcatTransform", "CONCAT\0F"u8, 0x00010003);
        step.Block.Write(1);
        step.Write(Features);
        step.Block.Write(model.Numbers + model.Categories.Count);
        foreach (var name in model.NumberNames.Concat(model.CategoryNames.Select(Encoded)))
        {
            step.Write(name);
            step.Write(null); // no alias
        }

        return step;
    }

    private static string Encoded(string category) => category + "Encoded";
}

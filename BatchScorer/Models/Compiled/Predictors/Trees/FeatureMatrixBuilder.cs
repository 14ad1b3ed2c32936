using BatchScorer.Models.Compiled.Format;

namespace BatchScorer.Models.Compiled.Predictors.Trees;

/// <summary>Collects the columns that the nodes of an ensemble need, each once.</summary>
/// <param name="predictor">For messages.</param>
/// <param name="featureCount">Features a row.</param>
internal sealed class FeatureMatrixBuilder(ModelKey predictor, int featureCount)
{
    /// <summary>Between the 0 and the 1 of a categorical split's column.</summary>
    private const float Half = 0.5f;

    private readonly List<int> features = [];
    private readonly List<int> missingIsLeast = [];
    private readonly List<FeatureMatrix.AnyAboveZero> anyAboveZero = [];
    private readonly Dictionary<string, int> columns = [];

    /// <summary>The column and the threshold by which a node splits.</summary>
    public (int Column, float Threshold) Split(Tree tree, int node)
    {
        if (tree.Categories[node] is { } categories)
            return (Categorical(categories, tree.Missing?[node] > 0), Half);

        // What stands for NaN may send it to the lesser side; otherwise it goes to the greater one as it is.
        var threshold = tree.Thresholds[node];
        return (Numerical(tree.Features[node], tree.Missing?[node] <= threshold), threshold);
    }

    public FeatureMatrix Build() => new([.. features], [.. missingIsLeast], [.. anyAboveZero]);

    private int Numerical(int feature, bool isLeast)
    {
        var (column, isNew) = Column($"{feature} {isLeast}", feature);
        if (isNew && isLeast)
            missingIsLeast.Add(column);
        return column;
    }

    private int Categorical(int[] categories, bool missingCounts)
    {
        if (categories.Length == 0)
            throw predictor.Fault("a categorical split lists no features");
        var (column, isNew) = Column($"{string.Join(',', categories)} {missingCounts} any", categories[0]);
        if (!isNew)
            return column;
        foreach (var feature in categories)
            Check(feature);
        anyAboveZero.Add(new FeatureMatrix.AnyAboveZero(column, categories, missingCounts));
        return column;
    }

    private (int Column, bool IsNew) Column(string key, int feature)
    {
        if (columns.TryGetValue(key, out var column))
            return (column, false);
        Check(feature);
        features.Add(feature);
        columns.Add(key, features.Count - 1);
        return (features.Count - 1, true);
    }

    private void Check(int feature)
    {
        if ((uint)feature >= (uint)featureCount)
            throw predictor.Fault($"a tree splits by feature {feature} of {featureCount}");
    }
}

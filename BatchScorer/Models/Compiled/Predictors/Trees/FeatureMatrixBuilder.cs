using BatchScorer.Models.Compiled.Format;

namespace BatchScorer.Models.Compiled.Predictors.Trees;

/// <summary>Collects the columns that the nodes of ensembles need, each once.</summary>
/// <param name="featureCount">Features a row.</param>
internal sealed class FeatureMatrixBuilder(int featureCount)
{
    /// <summary>Between the 0 and the 1 of a categorical split's column.</summary>
    private const float Half = 0.5f;

    private readonly List<int> features = [];
    private readonly List<int> missingIsLeast = [];
    private readonly List<FeatureMatrix.AnyAboveZero> anyAboveZero = [];
    private readonly Dictionary<string, int> columns = [];

    /// <summary>The column and the threshold by which a node splits.</summary>
    public (int Column, float Threshold) Split(ModelKey predictor, Tree tree, int node)
    {
        if (tree.Categories[node] is { } categories)
            return (Categorical(predictor, categories, tree.Missing?[node] > 0), Half);

        // What stands for NaN may send it to the lesser side; otherwise it goes to the greater one as it is.
        var threshold = tree.Thresholds[node];
        return (Numerical(predictor, tree.Features[node], tree.Missing?[node] <= threshold), threshold);
    }

    public FeatureMatrix Build() => new([.. features], [.. missingIsLeast], [.. anyAboveZero]);

    private int Numerical(ModelKey predictor, int feature, bool isLeast)
    {
        var (column, isNew) = Column(predictor, $"{feature} {isLeast}", feature);
        if (isNew && isLeast)
            missingIsLeast.Add(column);
        return column;
    }

    private int Categorical(ModelKey predictor, int[] categories, bool missingCounts)
    {
        if (categories.Length == 0)
            throw predictor.Fault("a categorical split lists no features");
        var (column, isNew) = Column(predictor, $"{string.Join(',', categories)} {missingCounts} any", categories[0]);
        if (!isNew)
            return column;
        foreach (var feature in categories)
            Check(predictor, feature);
        anyAboveZero.Add(new FeatureMatrix.AnyAboveZero(column, categories, missingCounts));
        return column;
    }

    private (int Column, bool IsNew) Column(ModelKey predictor, string key, int feature)
    {
        if (columns.TryGetValue(key, out var column))
            return (column, false);
        Check(predictor, feature);
        features.Add(feature);
        columns.Add(key, features.Count - 1);
        return (features.Count - 1, true);
    }

    private void Check(ModelKey predictor, int feature)
    {
        if ((uint)feature >= (uint)featureCount)
            throw predictor.Fault($"a tree splits by feature {feature} of {featureCount}");
    }
}

using BatchScorer.Batches;

namespace BatchScorer.Benchmarks.Models;

/// <summary>Random rows for a synthetic model, the same ones for the same seed.</summary>
internal static class SyntheticRows
{
    /// <summary>Fills a batch made for the model.</summary>
    public static void Fill(Batch batch, SyntheticModel model, int seed)
    {
        var random = new Random(seed);
        batch.Truncate(0);
        batch.RowCount = batch.Capacity;
        foreach (var name in model.NumberNames)
        {
            var numbers = ((Column<float>)batch[name]).Values;
            for (var row = 0; row < batch.RowCount; row++)
                numbers[row] = random.NextSingle();
        }

        foreach (var (name, count) in model.CategoryNames.Zip(model.Categories))
        {
            var texts = (TextColumn)batch[name];
            for (var row = 0; row < batch.RowCount; row++)
                texts.Append(SyntheticModel.CategoryValue(random.Next(count)));
        }
    }

    /// <summary>Fills a batch made for a model that takes features with the features of the rows of another.</summary>
    public static void FillFeatures(Batch batch, Batch rows, SyntheticModel model)
    {
        batch.Truncate(0);
        batch.RowCount = rows.RowCount;
        var features = (Column<float>)batch[FeatureSteps.Features];
        for (var row = 0; row < rows.RowCount; row++)
        {
            var vector = features.Row(row);
            vector.Clear();
            var first = 0;
            foreach (var name in model.NumberNames)
                vector[first++] = ((Column<float>)rows[name]).Values[row];
            foreach (var (name, count) in model.CategoryNames.Zip(model.Categories))
            {
                var text = (string)((TextColumn)rows[name]).ValueAt(row);
                vector[first + Enumerable.Range(0, count).First(value => SyntheticModel.CategoryValue(value) == text)] = 1;
                first += count;
            }
        }
    }
}

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
}

using BatchScorer.Batches;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Predictors.Additive;

/// <summary>The intercept and the functions' values, added in double in the order in which ML.NET adds them.</summary>
/// <param name="features">A vector of Single.</param>
/// <param name="shapes">The function of each feature; null where it has none.</param>
/// <param name="intercept">What is added.</param>
/// <param name="allAtZero">What the functions come to where every feature is 0: from there a sparse row is corrected.</param>
internal sealed class SumOfShapes(Kernel features, ShapeFunction?[] shapes, double intercept, double allAtZero)
    : Kernel("Score", new ColumnType(ValueKind.Single), features)
{
    public override bool NeedsStoredSlots => true;

    public override void Run(Block block)
    {
        var target = block.Write<float>(this);
        var values = block.Read<float>(Sources[0]);
        var stored = block.Stored(Sources[0]);
        for (var row = 0; row < target.Length; row++)
        {
            var features = values.Slice(row * shapes.Length, shapes.Length);
            target[row] = stored is null || stored.IsDense(row)
                ? (float)Dense(block, row, features)
                : (float)Sparse(block, row, features, stored.Row(row));
        }
    }

    private double Dense(Block block, int row, ReadOnlySpan<float> features)
    {
        var sum = intercept;
        for (var slot = 0; slot < features.Length; slot++)
        {
            if (shapes[slot] is { } shape)
                sum += Effect(block, row, slot, shape, features[slot]);
        }

        return sum;
    }

    private double Sparse(Block block, int row, ReadOnlySpan<float> features, ReadOnlySpan<int> stored)
    {
        var sum = intercept + allAtZero;
        foreach (var slot in stored)
        {
            if (shapes[slot] is { } shape)
                sum += Effect(block, row, slot, shape, features[slot]) - shape.AtZero;
        }

        return sum;
    }

    private double Effect(Block block, int row, int slot, ShapeFunction shape, float value)
    {
        if (!shape.TryEvaluate(value, out var effect))
            block.Fault(row, Sources[0].Name, $"feature {slot} is above every bin that the model has for it");
        return effect;
    }
}

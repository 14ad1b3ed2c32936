using BatchScorer.Batches;
using BatchScorer.Models.Compiled.Format;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Predictors.Calibrators;

/// <summary>A function that never falls (<c>IsotonicCalibrator</c>): constant over each piece, a line between two. NaN stays NaN.</summary>
internal sealed class IsotonicCalibrator(Kernel score, float[] starts, float[] ends, float[] values)
    : Kernel("Probability", new ColumnType(ValueKind.Single), score)
{
    /// <summary>How near a probability comes to 0 and 1.</summary>
    private const float Least = 1e-15f;

    public static Kernel Compile(ModelKey calibrator, Kernel score)
    {
        var block = calibrator.Open();
        block.FloatSize();
        var count = block.Count(3 * sizeof(float));
        var (starts, ends, values) = (new float[count], new float[count], new float[count]);
        for (var i = 0; i < count; i++)
        {
            (starts[i], ends[i], values[i]) = (block.Single(), block.Single(), block.Single());
            var isAscending = i == 0
                ? starts[i] > float.NegativeInfinity && values[i] >= 0
                : starts[i] > ends[i - 1] && values[i] > values[i - 1];
            if (!isAscending || !(starts[i] <= ends[i]) || !(values[i] <= 1))
                throw calibrator.Fault("its pieces do not ascend");
        }

        block.End();
        return new IsotonicCalibrator(score, starts, ends, values);
    }

    public override void Run(Block block)
    {
        var target = block.Write<float>(this);
        var scores = block.Read<float>(Sources[0]);
        for (var row = 0; row < target.Length; row++)
            target[row] = float.IsNaN(scores[row]) ? scores[row] : Math.Clamp(Value(scores[row]), Least, 1 - Least);
    }

    private float Value(float score)
    {
        if (values.Length == 0)
            return 0;
        if (score < starts[0])
            return values[0];
        if (score > ends[^1])
            return values[^1];
        var piece = ends.AsSpan().BinarySearch(score);
        if (piece < 0)
            piece = ~piece;
        if (score >= starts[piece])
            return values[piece];
        var share = (score - ends[piece - 1]) / (starts[piece] - ends[piece - 1]);
        return values[piece - 1] + share * (values[piece] - values[piece - 1]);
    }
}

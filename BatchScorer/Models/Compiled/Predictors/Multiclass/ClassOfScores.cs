using BatchScorer.Batches;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Predictors.Multiclass;

/// <summary>The class with the largest or smallest score as a key: the first of several alike, and none where all are NaN.</summary>
/// <param name="name">The column's name.</param>
/// <param name="scores">A score for each class.</param>
/// <param name="isLargest">Whether it is the largest score that decides.</param>
/// <param name="classes">What the classes are called; null when they are only numbered.</param>
internal sealed class ClassOfScores(string name, Kernel scores, bool isLargest, KeyValues? classes) : Kernel(name, new ColumnType(ValueKind.Key), scores)
{
    public override ulong KeyCount => (ulong)Sources[0].Type.Width;

    public override KeyValues? KeyValues => classes;

    public override void Run(Block block)
    {
        var target = block.Write<uint>(this);
        var scores = block.Read<float>(Sources[0]);
        var width = Sources[0].Type.Width;
        for (var row = 0; row < target.Length; row++)
            target[row] = First(scores.Slice(row * width, width));
    }

    private uint First(ReadOnlySpan<float> scores)
    {
        uint first = 0;
        var best = float.NaN;
        for (var i = 0; i < scores.Length; i++)
        {
            if (float.IsNaN(scores[i]) || (first > 0 && !(isLargest ? scores[i] > best : scores[i] < best)))
                continue;
            (first, best) = ((uint)i + 1, scores[i]);
        }

        return first;
    }
}

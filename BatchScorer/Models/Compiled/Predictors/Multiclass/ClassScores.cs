using BatchScorer.Batches;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Predictors.Multiclass;

/// <summary>Scores of separate predictors side by side, and what is made of them together.</summary>
/// <param name="predictors">A column of Single for each class, or for each pair of them.</param>
/// <param name="classes">Classes there are: the first so many scores of a row, once combined, are the answer.</param>
/// <param name="combine">Combines the scores of a row in place.</param>
internal sealed class ClassScores(Kernel[] predictors, int classes, Combination combine)
    : Kernel("Score", new ColumnType(ValueKind.Single, classes), predictors)
{
    public override long RowValues => classes + Sources.Length;

    public override object CreateScratch(int rows) => new Room(new float[rows * Sources.Length], new double[Sources.Length]);

    public override void Run(Block block)
    {
        var target = block.Write<float>(this);
        var (rows, doubles) = block.Scratch<Room>(this);
        var width = Sources.Length;
        for (var i = 0; i < width; i++)
        {
            var scores = block.Read<float>(Sources[i]);
            for (int row = 0, at = i; row < scores.Length; row++, at += width)
                rows[at] = scores[row];
        }

        for (var row = 0; row < block.Rows; row++)
        {
            var scores = rows.AsSpan(row * width, width);
            combine(scores, doubles);
            scores[..classes].CopyTo(target[(row * classes)..]);
        }
    }

    private sealed record Room(float[] Scores, double[] Doubles);
}

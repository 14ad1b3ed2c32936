using BatchScorer.Batches;
using BatchScorer.Models.Compiled.Graph;

namespace BatchScorer.Models.Compiled.Predictors.Multiclass;

/// <summary>Logarithms of how likely each class is, added in double in the order of the features. NaN counts as present.</summary>
/// <param name="features">A vector of Single.</param>
/// <param name="present">For each class what each feature adds that is above zero; empty for a class never seen.</param>
/// <param name="absent">For each class what each feature would have added if it were not.</param>
/// <param name="allAbsent">For each class what all features add where none is above zero.</param>
/// <param name="priors">For each class the logarithm of its share.</param>
internal sealed class NaiveBayesScores(Kernel features, double[][] present, double[][] absent, double[] allAbsent, double[] priors)
    : Kernel("Score", new ColumnType(ValueKind.Single, priors.Length), features)
{
    public override object CreateScratch(int rows) => new int[Sources[0].Type.Width];

    public override void Run(Block block)
    {
        var target = block.Write<float>(this);
        var values = block.Read<float>(Sources[0]);
        var room = block.Scratch<int[]>(this);
        for (var row = 0; row < block.Rows; row++)
        {
            var count = 0;
            for (var slot = 0; slot < room.Length; slot++)
            {
                if (!(values[row * room.Length + slot] <= 0))
                    room[count++] = slot;
            }

            for (var i = 0; i < priors.Length; i++)
                target[row * priors.Length + i] = Score(i, room.AsSpan(0, count));
        }
    }

    private float Score(int i, ReadOnlySpan<int> slots)
    {
        var (sum, wouldBeAbsent) = (priors[i], 0.0);
        if (present[i].Length > 0)
        {
            foreach (var slot in slots)
            {
                sum += present[i][slot];
                wouldBeAbsent += absent[i][slot];
            }
        }

        return (float)(sum + (allAbsent[i] - wouldBeAbsent));
    }
}

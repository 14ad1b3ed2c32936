using BatchScorer.Batches;
using BatchScorer.Models;
using BatchScorer.Predictions;

namespace BatchScorer.Runs;

/// <summary>Finds scores that are not numbers: to a model NaN is an answer like any other, to those who read predictions it is none.</summary>
internal sealed class ScoreCheck(PredictionLayout layout, Batch outputs)
{
    /// <summary>What to call each output: the column it is stored in, otherwise the model's own name.</summary>
    private readonly string[] names =
        [.. outputs.Columns.Select((output, i) => layout.Outputs.FirstOrDefault(column => column.OutputIndex == i)?.Name ?? output.Name)];

    /// <summary>
    /// Adds a fault for each answer of each row that is NaN or holds NaN, whether the job stores that output or not: a label
    /// that stands on such a score is no prediction either.
    /// </summary>
    public void FindNaN(int rowCount, ICollection<RowFault> faults)
    {
        for (var i = 0; i < outputs.Columns.Count; i++)
        {
            switch (outputs.Columns[i])
            {
                case Column<float> values:
                    Find<float>(values, rowCount, float.IsNaN, names[i], faults);
                    break;
                case Column<double> values:
                    Find<double>(values, rowCount, double.IsNaN, names[i], faults);
                    break;
            }
        }
    }

    private static void Find<T>(Column<T> values, int rowCount, Func<T, bool> isNaN, string name, ICollection<RowFault> faults)
        where T : unmanaged
    {
        var width = values.Type.Width;
        for (var i = 0; i < rowCount * width; i++)
        {
            if (isNaN(values.Values[i]))
                faults.Add(new RowFault(i / width, name, "the model's score is NaN, not a number"));
        }
    }
}

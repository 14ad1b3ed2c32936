using BatchScorer.Batches;
using BatchScorer.Models;
using BatchScorer.Predictions;

namespace BatchScorer.Runs;

/// <summary>Finds scores that are not numbers: to a model NaN is an answer like any other, to those who read predictions it is none.</summary>
internal sealed class ScoreCheck(PredictionLayout layout, Batch outputs)
{
    /// <summary>Adds a fault for each output of each row that is NaN or holds NaN.</summary>
    public void FindNaN(int rowCount, ICollection<RowFault> faults)
    {
        foreach (var column in layout.Outputs)
        {
            switch (outputs.Columns[column.OutputIndex])
            {
                case Column<float> values:
                    Find<float>(values, rowCount, float.IsNaN, column.Name, faults);
                    break;
                case Column<double> values:
                    Find<double>(values, rowCount, double.IsNaN, column.Name, faults);
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

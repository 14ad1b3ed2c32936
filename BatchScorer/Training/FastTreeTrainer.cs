using BatchScorer.Batches;
using BatchScorer.Errors;
using BatchScorer.Jobs;
using BatchScorer.Models;
using BatchScorer.Training.Data;

namespace BatchScorer.Training;

/// <summary>Trains with ML.NET's FastTree, in this process: the model reads the inputs that the one in use reads, so that the job can stay as it is.</summary>
internal sealed class FastTreeTrainer : ITrainer
{
    public Task TrainAsync(Job job, DataSet data, TrainingFolder folder, IProgress<string> lines, CancellationToken cancellationToken)
    {
        var columns = data.Columns.Index().ToList();
        var label = columns.Single(column => column.Item.Role is ColumnRole.Label);
        var (kind, target) = data.Kind switch
        {
            LabelKind.Binary => (ValueKind.Boolean, TrainingTarget.Binary),
            LabelKind.Regression => (ValueKind.Single, TrainingTarget.Regression),
            _ => (ValueKind.Text, TrainingTarget.Multiclass),
        };
        return MLNetTraining.TrainFastTreeAsync(
            folder.Data,
            [.. columns.Where(column => column.Item.Role is ColumnRole.Input).Select(column => Input(job, column.Index, column.Item))],
            new TrainingColumn(label.Index, label.Item.Name, kind), target, folder.Model, cancellationToken);
    }

    private static TrainingColumn Input(Job job, int index, DataSetColumn column) =>
        Enum.TryParse<ValueKind>(column.Type, out var kind) && kind is not ValueKind.Key
            ? new TrainingColumn(index, column.Name, kind)
            : throw new BatchScorerException(ExitCode.BadConfiguration,
                $"FastTree is given numbers and texts, and input \"{column.Name}\" of job \"{job.Name}\" is a {column.Type}: name a command, \"retrain\": {{ \"command\": […] }}, that trains on it.");
}

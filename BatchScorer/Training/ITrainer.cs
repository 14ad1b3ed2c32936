using BatchScorer.Jobs;
using BatchScorer.Training.Data;

namespace BatchScorer.Training;

/// <summary>What trains a model from a data set.</summary>
internal interface ITrainer
{
    /// <summary>Trains, and leaves the model at <see cref="TrainingFolder.Model"/>.</summary>
    /// <param name="job">The job whose model it is.</param>
    /// <param name="data">The data set.</param>
    /// <param name="folder">Where it is, and where the model is to go.</param>
    /// <param name="lines">Told what the trainer says, line by line.</param>
    /// <exception cref="Errors.BatchScorerException">It did not, and why.</exception>
    Task TrainAsync(Job job, DataSet data, TrainingFolder folder, IProgress<string> lines, CancellationToken cancellationToken);
}

using BatchScorer.Models;
using BatchScorer.Training.Data;

namespace BatchScorer.Training;

/// <summary>What a training came to.</summary>
/// <param name="TrainingId">Its number in the ledger.</param>
/// <param name="Name">The model.</param>
/// <param name="Version">The version that was registered.</param>
/// <param name="Sha256">SHA-256 of its file.</param>
/// <param name="GoldenRows">How many golden rows came with it.</param>
/// <param name="IsPromoted">Whether it is in use by now.</param>
/// <param name="Data">What it was trained on.</param>
internal sealed record TrainedModel(long TrainingId, string Name, string Version, string Sha256, int GoldenRows, bool IsPromoted, DataSet Data)
{
    public ModelReference Reference() => new(Name, Version);
}

using System.Text.Json;
using BatchScorer.Jobs;
using BatchScorer.Training.Data;
using Microsoft.Extensions.Logging;

namespace BatchScorer.Training;

/// <summary>The folder of one training, which only this user may read, and which goes when the training ends, however it does.</summary>
internal sealed class TrainingFolder(ILogger logger) : IDisposable
{
    private static readonly JsonSerializerOptions Written = new(JobJson.Options) { WriteIndented = true };

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("batchscorer-train-");

    public string Path => folder.FullName;

    /// <summary>The data set, as CSV.</summary>
    public string Data => Place("data.csv");

    /// <summary>What the data set is, as JSON.</summary>
    public string Description => Place("data.json");

    /// <summary>Where the model is to go.</summary>
    public string Model => Place("model.zip");

    /// <summary>Where golden rows may go.</summary>
    public string Golden => Place("golden.csv");

    /// <summary>Writes <see cref="Description"/>.</summary>
    public Task DescribeAsync(Job job, DataSet data, CancellationToken cancellationToken) => File.WriteAllTextAsync(
        Description, JsonSerializer.Serialize(new { job = job.Name, data.Kind, data.Rows, data.Label, data.Columns }, Written), cancellationToken);

    public void Dispose()
    {
        try
        {
            folder.Delete(recursive: true);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            TrainingLogs.FolderStays(logger, Path, fault.Message);
        }
    }

    private string Place(string file) => System.IO.Path.Combine(Path, file);
}

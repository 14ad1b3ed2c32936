namespace BatchScorer.Benchmarks.Models;

/// <summary>A folder with the files of synthetic models, removed when it is disposed of.</summary>
internal sealed class ModelFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("batchscorer-models-");
    private int count;

    /// <summary>Writes a model, and gives its file.</summary>
    public string Write(SyntheticModel model)
    {
        var file = Path.Combine(folder.FullName, $"model{++count}.zip");
        File.WriteAllBytes(file, model.Write());
        return file;
    }

    public void Dispose() => folder.Delete(recursive: true);
}

using BatchScorer.Jobs;
using BatchScorer.Jobs.Json;
using BatchScorer.Scheduling;

namespace BatchScorer.Tests.Jobs;

/// <summary>A folder for jobs with a model, <c>churn.zip</c>, and a query, <c>orders.sql</c>; gone when disposed.</summary>
internal sealed class JobFolder : IDisposable
{
    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("batchscorer-jobs-");

    public JobFolder()
    {
        Directory.CreateDirectory(Sources);
        Directory.CreateDirectory(Jobs);
        File.WriteAllText(System.IO.Path.Combine(Sources, "orders.sql"), "select 1 as id");
        File.WriteAllText(Path("churn.zip"), "any model");
    }

    public string Jobs => System.IO.Path.Combine(root.FullName, "jobs");

    public string Sources => System.IO.Path.Combine(root.FullName, "sources");

    public string Path(string file) => System.IO.Path.Combine(Jobs, file);

    /// <summary>Writes a job file and reads it.</summary>
    public (Job? Job, IReadOnlyList<FileFault> Faults) Read(byte[] content, string file = "churn.json")
    {
        File.WriteAllBytes(Path(file), content);
        return Reader().Read(Path(file));
    }

    public JobReader Reader() => new(Sources, ScheduleRules.CronFault);

    public void Dispose() => root.Delete(recursive: true);
}

using System.Text;
using BatchScorer.Tests.Jobs;

namespace BatchScorer.Tests.BadInput.Fuzz;

/// <summary>The job reader, with every job of the corpus as seed.</summary>
internal sealed class JobFuzzTests
{
    [Test]
    public void A_changed_job_is_read_or_faulted()
    {
        using var folder = new JobFolder();
        byte[][] seeds =
        [
            File.ReadAllBytes(Repository.PathTo("jobs/churn.json")),
            .. BadCase.Read("jobs.txt").Select(bad => Encoding.UTF8.GetBytes(bad.Input)),
            .. BadCase.Read("job-bytes.txt").Select(bad => ByteRecipe.Make(bad.Lines)).Where(bytes => bytes.Length < 100_000),
        ];

        FuzzRun.Of(inputs: 2000, bytesAllowed: 64 << 20, mutation =>
        {
            var (job, faults) = folder.Read(mutation.Change(mutation.Pick(seeds), seeds));

            if (job is null == (faults.Count == 0))
                throw new InvalidOperationException("A job that is read has no faults, and one that is not has some.");
            if (faults.FirstOrDefault(fault => fault.ToString().AsSpan().ContainsAny('\r', '\n', '\0')) is { } fault)
                throw new InvalidOperationException($"A fault has one line: {fault}");
        });
    }
}

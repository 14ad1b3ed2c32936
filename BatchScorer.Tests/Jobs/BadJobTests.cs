using System.Text;

namespace BatchScorer.Tests.Jobs;

internal sealed class BadJobTests
{
    private JobFolder folder = null!;

    [SetUp]
    public void MakeFolder()
    {
        folder = new JobFolder();
        File.WriteAllText(folder.Path("other.json"), "{}");
    }

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [TestCaseSource(typeof(BadJob), nameof(BadJob.All))]
    public void A_bad_file_says_exactly_what_is_wrong(BadJob bad)
    {
        var (job, faults) = folder.Read(Encoding.UTF8.GetBytes(bad.Json));

        Assert.That(string.Join('\n', faults), Is.EqualTo(bad.Faults));
        Assert.That(job, Is.Null);
    }
}

using System.Text;
using BatchScorer.Tests.Jobs;

namespace BatchScorer.Tests.BadInput;

/// <summary>Job files: <c>jobs.txt</c> has them as texts, <c>job-bytes.txt</c> those that are no text or a very long one.</summary>
internal sealed class BadJobTests
{
    private JobFolder folder = null!;

    private static IReadOnlyList<BadCase> Texts => BadCase.Read("jobs.txt");

    private static IReadOnlyList<BadCase> Bytes => BadCase.Read("job-bytes.txt");

    [SetUp]
    public void MakeFolder()
    {
        folder = new JobFolder();
        File.WriteAllText(folder.Path("other.json"), "{}");
    }

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [TestCaseSource(nameof(Texts))]
    public void A_bad_file_says_exactly_what_is_wrong(BadCase bad) => Refuses(Encoding.UTF8.GetBytes(bad.Input), bad.Expected);

    [TestCaseSource(nameof(Bytes))]
    public void A_file_of_bad_bytes_says_exactly_what_is_wrong(BadCase bad) => Refuses(ByteRecipe.Make(bad.Lines), bad.Expected);

    private void Refuses(byte[] content, string expected)
    {
        var (job, faults) = folder.Read(content);

        Assert.That(string.Join('\n', faults), Is.EqualTo(expected));
        Assert.That(job, Is.Null);
    }
}

namespace BatchScorer.Tests.Jobs;

/// <summary>Tests that each have a folder for jobs of their own.</summary>
internal abstract class JobFolderTests
{
    protected JobFolder Folder { get; private set; } = null!;

    [SetUp]
    public void MakeFolder() => Folder = new JobFolder();

    [TearDown]
    public void RemoveFolder() => Folder.Dispose();
}

using BatchScorer.Jobs;
using BatchScorer.Scheduling;
using BatchScorer.Tests.Jobs;

namespace BatchScorer.Tests.Scheduling;

internal sealed class KnownJobsTests
{
    private JobFolder folder = null!;
    private LogLines<KnownJobs> log = null!;
    private KnownJobs jobs = null!;

    [SetUp]
    public void MakeFolder()
    {
        folder = new JobFolder();
        log = new LogLines<KnownJobs>();
        jobs = new KnownJobs(() => JobCatalog.Read(folder.Jobs, folder.Reader()), log);
    }

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public void A_broken_file_leaves_the_job_as_it_was_and_is_told_once_for_each_content()
    {
        Write("""{ "cron": "0 0 3 * * ?" }""");
        jobs.Refresh();

        Write("""{ "cron": "0 0 25 * * ?" }""");
        jobs.Refresh();
        jobs.Refresh();
        Write("""{ "cron": "0 0 26 * * ?" }""");
        jobs.Refresh();

        Assert.That(jobs.Find("churn")?.Definition.Schedule?.Cron, Is.EqualTo("0 0 3 * * ?"));
        Assert.That(log.All, Has.Count.EqualTo(2).And.All.StartWith("Warning: The job file churn.json has faults; the job goes on as it was read before. churn.json:1: schedule.cron: "));

        Write("""{ "cron": "0 0 4 * * ?" }""");
        jobs.Refresh();
        Assert.That(jobs.Find("churn")?.Definition.Schedule?.Cron, Is.EqualTo("0 0 4 * * ?"));
        Assert.That(log.All, Has.Count.EqualTo(2));
    }

    [Test]
    public void A_file_that_was_never_sound_is_named_and_no_job()
    {
        Write("""{ "cron": "often" }""");
        jobs.Refresh();

        Assert.That((jobs.Find("churn"), jobs.Names), Is.EqualTo(((Job?)null, new[] { "churn" })));
        Assert.That(log.All, Has.One.StartsWith("Warning: The job file churn.json has faults; the job cannot run."));
    }

    [Test]
    public void A_job_goes_with_its_file()
    {
        Write("""{ "cron": "0 0 3 * * ?" }""");
        jobs.Refresh();
        File.Delete(folder.Path("churn.json"));
        jobs.Refresh();

        Assert.That(jobs.Find("churn"), Is.Null);
    }

    [Test]
    public void A_folder_that_cannot_be_read_changes_nothing_and_is_told_once()
    {
        Write("""{ "cron": "0 0 3 * * ?" }""");
        jobs.Refresh();
        Directory.Move(folder.Jobs, $"{folder.Jobs}.away");

        Assert.That((jobs.Refresh(), jobs.Refresh()), Is.EqualTo((false, false)));

        Directory.Move($"{folder.Jobs}.away", folder.Jobs);
        Assert.That(jobs.Find("churn"), Is.Not.Null);
        Assert.That(log.All, Has.Count.EqualTo(1));
    }

    private void Write(string schedule) => File.WriteAllText(folder.Path("churn.json"),
        $$"""{ "name": "churn", "schedule": {{schedule}}, "source": { "table": "t", "key": ["id"] }, "model": { "path": "churn.zip" } }""");
}

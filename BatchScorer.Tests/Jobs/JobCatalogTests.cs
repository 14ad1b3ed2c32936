using BatchScorer.Errors;
using BatchScorer.Jobs;

namespace BatchScorer.Tests.Jobs;

internal sealed class JobCatalogTests : JobFolderTests
{
    [Test]
    public void Jobs_come_by_name_and_schemas_are_none()
    {
        Write("leads", "churn");
        File.WriteAllText(Folder.Path("job.schema.json"), "{}");
        File.WriteAllText(Folder.Path("notes.txt"), "no job");

        var catalog = Read();

        Assert.That(catalog.Jobs.Select(job => job.Name), Is.EqualTo(new[] { "churn", "leads" }));
        Assert.That(catalog.Faults, Is.Empty);
    }

    [Test]
    public void A_bad_file_does_not_keep_another_job_from_being_found()
    {
        Write("churn");
        File.WriteAllText(Folder.Path("leads.json"), "{\n\"nmae\": 1 }");

        var catalog = Read();

        Assert.That(catalog.Find("churn").ModelFile, Is.EqualTo(Folder.Path("churn.zip")));
        Assert.That(catalog.Faults.Select(fault => fault.ToString()), Has.One.EqualTo("leads.json:2: nmae: unknown property, did you mean \"name\"?"));
    }

    [Test]
    public void Jobs_that_follow_each_other_in_a_circle_cannot_run_and_those_beside_it_can()
    {
        Write("orders");
        WriteFollower("churn", "leads", "orders");
        WriteFollower("leads", "sales");
        WriteFollower("sales", "churn");
        WriteFollower("summary", "sales");

        var catalog = Read();

        Assert.That(catalog.Jobs.Select(job => job.Name), Is.EqualTo(new[] { "orders", "summary" }));
        Assert.That(catalog.Faults.Select(fault => fault.ToString()), Is.EqualTo(new[]
        {
            "churn.json:2: schedule.after: churn follows leads, which follows sales, which follows churn: none of them would ever begin; take one out",
            "leads.json:2: schedule.after: leads follows sales, which follows churn, which follows leads: none of them would ever begin; take one out",
            "sales.json:2: schedule.after: sales follows churn, which follows leads, which follows sales: none of them would ever begin; take one out",
        }));
    }

    [Test]
    public void A_job_with_a_bad_file_is_answered_with_all_of_its_faults()
    {
        File.WriteAllText(Folder.Path("churn.json"), """{ "name": "churn" }""");
        File.WriteAllText(Folder.Path("leads.json"), "[]");

        var exception = Assert.Throws<BatchScorerException>(() => Read().Find("churn"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(exception!.ExitCode, Is.EqualTo(ExitCode.BadConfiguration));
            Assert.That(exception.Message, Is.EqualTo("churn.json:1: source: is missing, but required\nchurn.json:1: model: is missing, but required"));
        }
    }

    [TestCase("chrun", ", did you mean \"churn\"?")]
    [TestCase("fraud", ", expected one of churn, leads.")]
    public void An_unknown_job_is_answered_with_the_known_ones(string name, string expected)
    {
        Write("churn", "leads");

        var exception = Assert.Throws<BatchScorerException>(() => Read().Find(name));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(exception!.ExitCode, Is.EqualTo(ExitCode.Usage));
            Assert.That(exception.Message, Is.EqualTo($"There is no job \"{name}\" in {Folder.Jobs}{expected}"));
        }
    }

    [Test]
    public void An_empty_folder_has_no_job_to_suggest() =>
        Assert.That(
            Assert.Throws<BatchScorerException>(() => Read().Find("churn"))!.Message,
            Is.EqualTo($"There is no job \"churn\" in {Folder.Jobs}, nor any other."));

    [Test]
    public void A_folder_that_is_not_there_is_a_fault_of_configuration()
    {
        var exception = Assert.Throws<BatchScorerException>(() => JobCatalog.Read(Folder.Path("nowhere"), Folder.Reader()));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(exception!.ExitCode, Is.EqualTo(ExitCode.BadConfiguration));
            Assert.That(exception.Message, Does.StartWith($"The jobs in {Folder.Path("nowhere")} cannot be read: "));
        }
    }

    private JobCatalog Read() => JobCatalog.Read(Folder.Jobs, Folder.Reader());

    private void Write(params string[] names)
    {
        foreach (var name in names)
            File.WriteAllText(Folder.Path($"{name}.json"), $$"""{ "name": "{{name}}", "source": { "table": "t", "key": ["id"] }, "model": { "path": "churn.zip" } }""");
    }

    private void WriteFollower(string name, params string[] followed) => File.WriteAllText(Folder.Path($"{name}.json"),
        $$"""
        { "name": "{{name}}", "source": { "table": "t", "key": ["id"] }, "model": { "path": "churn.zip" },
          "schedule": { "after": ["{{string.Join("\", \"", followed)}}"] } }
        """);
}

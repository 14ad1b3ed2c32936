using System.Reflection;
using System.Text.Json.Nodes;
using BatchScorer.Jobs;
using Description = System.ComponentModel.DescriptionAttribute;

namespace BatchScorer.Tests.Jobs;

internal sealed class JobSchemaTests
{
    private static readonly JsonNode Schema = JsonNode.Parse(JobSchema.Generate())!;

    private static IEnumerable<string> SampleJobs =>
        Directory.EnumerateFiles(Repository.PathTo("jobs"), "*.json").Where(file => !file.EndsWith(".schema.json", StringComparison.Ordinal)).Select(file => Path.GetFileName(file)!);

    [Test]
    public void The_committed_schema_is_the_one_the_records_generate() =>
        Assert.That(
            File.ReadAllText(Repository.PathTo("jobs/job.schema.json")),
            Is.EqualTo(JobSchema.Generate()),
            "Write it anew with: dotnet run --project BatchScorer -- jobs schema > jobs/job.schema.json");

    [TestCaseSource(nameof(SampleJobs))]
    public void A_job_of_this_repository_fits_the_schema(string file) =>
        Assert.That(JsonSchemaChecker.Allows(Schema, JsonNode.Parse(File.ReadAllText(Repository.PathTo($"jobs/{file}")))), Is.True);

    [TestCase(typeof(JobDefinition))]
    [TestCase(typeof(JobSchedule))]
    [TestCase(typeof(JobSource))]
    [TestCase(typeof(JobModel))]
    [TestCase(typeof(JobWork))]
    [TestCase(typeof(JobLimits))]
    public void Every_property_has_a_description_for_the_editor(Type record) =>
        Assert.That(record.GetProperties().Where(property => property.GetCustomAttribute<Description>() is null), Is.Empty);

    [TestCase("""{ "name": "Churn", "source": { "table": "t", "key": ["id"] }, "model": { "path": "m.zip" } }""")]
    [TestCase("""{ "name": "churn", "source": { "table": "t", "query": "q.sql", "key": ["id"] }, "model": { "path": "m.zip" } }""")]
    [TestCase("""{ "name": "churn", "source": { "table": "t", "key": [] }, "model": { "path": "m.zip" } }""")]
    [TestCase("""{ "name": "churn", "source": { "table": "t", "key": ["id", "id"] }, "model": { "path": "m.zip" } }""")]
    [TestCase("""{ "name": "churn", "source": { "table": "t", "key": ["id"] }, "model": { "path": "m.zip" }, "outputs": { "": "Score" } }""")]
    [TestCase("""{ "name": "churn", "source": { "table": "t", "key": ["id"], "mode": "windows" }, "model": { "path": "m.zip" } }""")]
    [TestCase("""{ "name": "churn", "source": { "table": "t", "key": ["id"], "cursor": "at", "lookback": "1 day" }, "model": { "path": "m.zip" } }""")]
    [TestCase("""{ "name": "churn", "source": { "table": "t", "key": ["id"], "cursor": "at", "lookback": 0 }, "model": { "path": "m.zip" } }""")]
    [TestCase("""{ "name": "churn", "source": { "table": "t", "key": ["id"] }, "model": { "path": "m.zip", "engin": "auto" } }""")]
    [TestCase("""{ "name": "churn", "source": { "table": "t", "key": ["id"] }, "model": { "path": "m.zip" }, "work": { "chunkRows": 0 } }""")]
    [TestCase("""{ "name": "churn", "source": { "table": "t", "key": ["id"] }, "model": { "path": "m.zip" }, "description": null }""")]
    public void An_editor_sees_what_the_schema_can_tell(string json) =>
        Assert.That(JsonSchemaChecker.Allows(Schema, JsonNode.Parse(json)), Is.False);
}

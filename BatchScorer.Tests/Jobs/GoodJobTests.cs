using System.Text;
using System.Text.Json;
using BatchScorer.Jobs;
using BatchScorer.Models;
using BatchScorer.Postgres;

namespace BatchScorer.Tests.Jobs;

internal sealed class GoodJobTests : JobFolderTests
{
    [Test]
    public void A_job_of_three_properties_has_the_documented_defaults()
    {
        var job = Read("""{ "table": "demo.customers", "key": ["id"] }""").Definition;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(job.Schedule, Is.Null);
            Assert.That(job.Description, Is.Null);
            Assert.That(job.Source, Is.EqualTo(new JobSource { Table = new QualifiedName("demo", "customers"), Key = job.Source.Key }));
            Assert.That(job.Model, Is.EqualTo(new JobModel { Path = "churn.zip", Engine = EngineChoice.Auto }));
            Assert.That(job.Inputs, Is.Empty);
            Assert.That(job.Outputs, Is.Empty);
            Assert.That(job.Carry, Is.Empty);
            Assert.That(job.Work, Is.EqualTo(new JobWork { ChunkRows = 50_000, Partitions = 0 }));
            Assert.That(job.Limits, Is.EqualTo(new JobLimits { RejectedRows = 1000, RejectedShare = 0.01, ChunkTime = TimeSpan.FromMinutes(5) }));
        }
    }

    [TestCase("""{ "table": "t", "key": ["id"] }""", SourceMode.All)]
    [TestCase("""{ "table": "t", "key": ["id"], "cursor": "changed" }""", SourceMode.Window)]
    [TestCase("""{ "mode": "unscored", "table": "t", "key": ["id"], "cursor": "changed" }""", SourceMode.Unscored)]
    [TestCase("""{ "mode": "all", "table": "t", "key": ["id"], "cursor": "changed" }""", SourceMode.All)]
    public void Without_a_mode_it_is_the_cursor_that_decides(string source, SourceMode expected) =>
        Assert.That(Read(source).Definition.Source.Mode, Is.EqualTo(expected));

    [Test]
    public void A_query_is_found_among_the_sources()
    {
        var job = Read("""{ "query": "orders.sql", "key": ["Shop Id", "order.no"], "filter": "total > 0" }""");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(job.QueryFile, Is.EqualTo(Path.Combine(Folder.Sources, "orders.sql")));
            Assert.That(job.ModelFile, Is.EqualTo(Folder.Path("churn.zip")));
            Assert.That(job.Definition.Source.Key, Is.EqualTo(new[] { "Shop Id", "order.no" }));
            Assert.That(job.Definition.Source.Filter, Is.EqualTo("total > 0"));
        }
    }

    [Test]
    public void A_schedule_may_be_an_interval_of_days()
    {
        var schedule = Read("""{ "table": "t", "key": ["id"] }, "schedule": { "every": "7.12:00:00", "missed": "each" }""").Definition.Schedule;

        Assert.That(schedule, Is.EqualTo(new JobSchedule { Every = TimeSpan.FromDays(7.5), Missed = MissedSlots.Each }));
    }

    [TestCase("\"1.12:00:00\"", "129600 seconds")]
    [TestCase("\"00:00:01.25\"", "1.25 seconds")]
    [TestCase("250", "250")]
    public void A_lookback_is_a_time_or_a_number_and_written_as_it_is_read(string lookback, string sql)
    {
        var source = Read($$"""{ "table": "t", "key": ["id"], "cursor": "changed", "lookback": {{lookback}} }""").Definition.Source;

        Assert.That(source.Lookback!.ToSql(), Is.EqualTo(sql));
        Assert.That(JsonSerializer.Deserialize<JobSource>(JsonSerializer.Serialize(source, JobJson.Options), JobJson.Options)!.Lookback, Is.EqualTo(source.Lookback));
    }

    [Test]
    public void Without_a_word_on_it_everything_is_kept() =>
        Assert.That(Read("""{ "table": "t", "key": ["id"] }""").Definition.Keep, Is.EqualTo(new JobKeep()));

    [Test]
    public void What_is_kept_how_long_is_said_in_times() =>
        Assert.That(
            Read("""{ "table": "t", "key": ["id"] }, "keep": { "predictions": "90.00:00:00", "newest": true, "rejectedRows": "30.00:00:00", "runs": "400.00:00:00" }""").Definition.Keep,
            Is.EqualTo(new JobKeep { Predictions = TimeSpan.FromDays(90), Newest = true, RejectedRows = TimeSpan.FromDays(30), Runs = TimeSpan.FromDays(400) }));

    [Test]
    public void Outputs_keep_the_order_of_the_file() =>
        Assert.That(
            Read("""{ "table": "t", "key": ["id"] }, "outputs": { "z": "Score", "a": "Score", "m": "Probability" }""").Definition.Outputs.Keys,
            Is.EqualTo(new[] { "z", "a", "m" }));

    [Test]
    public void A_definition_that_is_written_reads_back_the_same()
    {
        var source = """{ "table": "demo.\"My \"\"Table\"\"\"", "key": ["id"] }, "limits": { "chunkTime": "00:00:01.5" }, "schedule": { "cron": "0 0 2 * * ?" }""";
        var written = JsonSerializer.Serialize(Read(source).Definition, JobJson.Options);

        var again = Folder.Read(Encoding.UTF8.GetBytes(written)).Job!.Definition;

        Assert.That(JsonSerializer.Serialize(again, JobJson.Options), Is.EqualTo(written));
        Assert.That(again.Source.Table, Is.EqualTo(new QualifiedName("demo", "My \"Table\"")));
    }

    private Job Read(string sourceAndMore)
    {
        var (job, faults) = Folder.Read(Encoding.UTF8.GetBytes($$"""{ "name": "churn", "model": { "path": "churn.zip" }, "source": {{sourceAndMore}} }"""));
        Assert.That(faults, Is.Empty);
        return job!;
    }
}

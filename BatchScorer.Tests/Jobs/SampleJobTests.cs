using BatchScorer.Jobs;
using BatchScorer.Models;
using BatchScorer.Postgres;
using BatchScorer.Scheduling;

namespace BatchScorer.Tests.Jobs;

internal sealed class SampleJobTests
{
    private static readonly JobReader Reader = new(Repository.PathTo("sql/sources"), ScheduleRules.CronFault);

    [Test]
    public void The_demo_job_reads_as_it_is_written()
    {
        var (job, faults) = Reader.Read(Repository.PathTo("jobs/churn.json"));

        Assert.That(faults, Is.Empty);
        using (Assert.EnterMultipleScope())
        {
            var definition = job!.Definition;
            Assert.That(definition.Source.Table, Is.EqualTo(new QualifiedName("demo", "customers")));
            Assert.That(definition.Source.Key, Is.EqualTo(new[] { "customer_id" }));
            Assert.That(definition.Source.Mode, Is.EqualTo(SourceMode.Window));
            Assert.That(definition.Schedule!.TimeZone, Is.EqualTo("Europe/Berlin"));
            Assert.That(definition.Model.Engine, Is.EqualTo(EngineChoice.Auto));
            Assert.That(definition.Outputs, Is.EqualTo(new Dictionary<string, string> { ["churn_probability"] = "Probability", ["will_leave"] = "PredictedLabel" }));
            Assert.That(definition.Limits.ChunkTime, Is.EqualTo(TimeSpan.FromMinutes(5)));
            Assert.That(job.ModelFile, Is.EqualTo(Repository.PathTo("jobs/samples/churn.zip")));
        }
    }
}

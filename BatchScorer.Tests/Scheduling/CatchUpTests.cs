using BatchScorer.Jobs;
using BatchScorer.Postgres;
using BatchScorer.Runs;
using BatchScorer.Scheduling;

namespace BatchScorer.Tests.Scheduling;

internal sealed class CatchUpTests
{
    private static readonly DateTimeOffset Midnight = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

    [Test]
    public void With_each_every_missed_slot_has_a_run_oldest_first()
    {
        var plan = CatchUp.Plan(Hourly(MissedSlots.Each), Midnight, Midnight.AddHours(3));

        Assert.That(plan.Runs, Is.EqualTo(new[]
        {
            (Midnight.AddHours(1), Trigger.Catchup), (Midnight.AddHours(2), Trigger.Catchup), (Midnight.AddHours(3), Trigger.Schedule),
        }));
    }

    [TestCase(MissedSlots.Once)]
    [TestCase(MissedSlots.None)]
    public void Otherwise_the_slot_that_fires_makes_up_for_all(MissedSlots missed) =>
        Assert.That(CatchUp.Plan(Hourly(missed), Midnight, Midnight.AddHours(3)).Runs, Is.EqualTo(new[] { (Midnight.AddHours(3), Trigger.Schedule) }));

    [Test]
    public void A_job_that_never_ran_has_missed_nothing() =>
        Assert.That(CatchUp.Plan(Hourly(MissedSlots.Each), null, Midnight).Runs, Is.EqualTo(new[] { (Midnight, Trigger.Schedule) }));

    [Test]
    public void A_slot_that_fires_again_after_later_ones_goes_alone() =>
        Assert.That(CatchUp.Plan(Hourly(MissedSlots.Each), Midnight.AddHours(5), Midnight).Runs, Is.EqualTo(new[] { (Midnight, Trigger.Schedule) }));

    [Test]
    public void A_job_without_windows_is_run_once()
    {
        var job = Hourly(MissedSlots.Each);

        Assert.That(CatchUp.Plan(job with { Source = job.Source with { Cursor = null, Mode = SourceMode.All } }, Midnight, Midnight.AddHours(3)).Runs, Has.Count.EqualTo(1));
    }

    [Test]
    public void Beyond_the_most_one_run_makes_up_for_the_rest()
    {
        var plan = CatchUp.Plan(Hourly(MissedSlots.Each), Midnight, Midnight.AddHours(1500));

        Assert.That((plan.Runs.Count, plan.Merged), Is.EqualTo((1000, 500)));
        Assert.That(plan.Runs.TakeLast(2), Is.EqualTo(new[] { (Midnight.AddHours(999), Trigger.Catchup), (Midnight.AddHours(1500), Trigger.Schedule) }));
    }

    private static JobDefinition Hourly(MissedSlots missed) => new()
    {
        Name = "job",
        Schedule = new JobSchedule { Every = TimeSpan.FromHours(1), Missed = missed },
        Source = new JobSource { Table = new QualifiedName("public", "t"), Key = ["id"], Cursor = "updated_at" },
        Model = new JobModel { Path = "model.zip" },
    };
}

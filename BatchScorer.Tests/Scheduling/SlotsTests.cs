using BatchScorer.Jobs;
using BatchScorer.Models;
using BatchScorer.Postgres;
using BatchScorer.Scheduling;

namespace BatchScorer.Tests.Scheduling;

internal sealed class SlotsTests
{
    // In Berlin the clock goes from 02:00 to 03:00 on 29 March 2026, and from 03:00 back to 02:00 on 25 October.
    [TestCase("0 30 2 * * ?", "2026-03-28 00:00", "2026-03-28 01:30, 2026-03-29 01:00, 2026-03-30 00:30", TestName = "A_time_that_is_left_out_is_due_when_the_clock_goes_forward")]
    [TestCase("0 0/30 * * * ?", "2026-03-29 00:00", "2026-03-29 00:30, 2026-03-29 01:00, 2026-03-29 01:30", TestName = "Half_hours_go_on_when_the_clock_goes_forward")]
    [TestCase("0 30 2 * * ?", "2026-10-24 12:00", "2026-10-25 00:30, 2026-10-26 01:30, 2026-10-27 01:30", TestName = "A_time_that_comes_twice_is_due_once")]
    [TestCase("0 0/30 * * * ?", "2026-10-25 00:00", "2026-10-25 00:30, 2026-10-25 01:00, 2026-10-25 01:30", TestName = "Half_hours_go_on_when_the_clock_goes_back")]
    public void Daylight_saving(string cron, string after, string expected) =>
        AssertSlots(new JobSchedule { Cron = cron, TimeZone = "Europe/Berlin" }, after, expected);

    [TestCase("00:15:00", "2026-10-25 00:07", "2026-10-25 00:15, 2026-10-25 00:30, 2026-10-25 00:45")]
    [TestCase("07:00:00", "1970-01-01 00:00", "1970-01-01 07:00, 1970-01-01 14:00, 1970-01-01 21:00")]
    [TestCase("7.00:00:00", "2026-01-01 00:01", "2026-01-08 00:00, 2026-01-15 00:00, 2026-01-22 00:00")]
    public void Intervals_count_from_the_beginning_of_1970(string every, string after, string expected) =>
        AssertSlots(new JobSchedule { Every = TimeSpan.Parse(every) }, after, expected);

    [Test]
    public void The_latest_slot_up_to_an_instant_includes_the_instant()
    {
        var slots = new Slots(new JobSchedule { Cron = "0 0 3 * * ?", TimeZone = "Europe/Berlin" });

        Assert.That(slots.Latest(Utc("2026-06-01 01:00")), Is.EqualTo(Utc("2026-06-01 01:00")));
        Assert.That(slots.Latest(Utc("2026-06-01 00:59")), Is.EqualTo(Utc("2026-05-31 01:00")));
    }

    [Test]
    public void A_schedule_that_has_come_to_its_end_has_no_further_slots()
    {
        var slots = new Slots(new JobSchedule { Cron = "0 0 3 1 1 ? 2026" });

        Assert.That(slots.Next(Utc("2026-01-01 03:00")), Is.Null);
        Assert.That(slots.Latest(Utc("2026-01-01 02:59")), Is.Null);
        Assert.That(slots.Between(Utc("2020-01-01 00:00"), Utc("2030-01-01 00:00")), Is.EqualTo(new[] { Utc("2026-01-01 03:00") }));
    }

    // A slot names one run, so what fires and what the ledger is asked for have to be the same instants.
    private static void AssertSlots(JobSchedule schedule, string after, string expected)
    {
        var slots = new Slots(schedule);
        var found = new List<DateTimeOffset>();
        for (var slot = slots.Next(Utc(after)); found.Count < 3; slot = slots.Next(slot!.Value))
            found.Add(slot!.Value);
        var trigger = ScheduleTrigger.Create(Job(schedule), Utc(after));
        var fired = new List<DateTimeOffset>();
        for (var time = trigger.GetFireTimeAfter(Utc(after)); fired.Count < 3; time = trigger.GetFireTimeAfter(time))
            fired.Add(time!.Value);

        Assert.That(string.Join(", ", found.Select(slot => slot.ToString("yyyy-MM-dd HH:mm"))), Is.EqualTo(expected));
        Assert.That(fired, Is.EqualTo(found));
        Assert.That(found.Select(slot => slots.Latest(slot.AddSeconds(1))), Is.EqualTo(found.Cast<DateTimeOffset?>()));
        Assert.That(slots.Between(Utc(after), found[^1]), Is.EqualTo(found));
    }

    private static JobDefinition Job(JobSchedule schedule) => new()
    {
        Name = "job",
        Schedule = schedule,
        Source = new JobSource { Table = new QualifiedName("public", "t"), Key = ["id"] },
        Model = new JobModel { Path = "model.zip", Engine = EngineChoice.Auto },
    };

    private static DateTimeOffset Utc(string time) => DateTimeOffset.Parse(time, null, System.Globalization.DateTimeStyles.AssumeUniversal);
}

using BatchScorer.Alarms;
using BatchScorer.Jobs;

namespace BatchScorer.Tests.Alarms;

/// <summary>What the rules say of a run, without any database.</summary>
internal sealed class RunRulesTests
{
    private static readonly RunFacts Run = new()
    {
        Job = "churn", RunId = 17, Succeeded = true, RowsRead = 1000, RowsRejected = 10, Duration = TimeSpan.FromMinutes(10),
    };

    [Test]
    public void A_job_without_limits_has_no_alarms() => Assert.That(RunAlarms.Judge(new JobAlarms(), Run), Is.Empty);

    [Test]
    public void A_run_that_keeps_to_its_limits_exactly_has_no_alarms() => Assert.That(
        RunAlarms.Judge(new JobAlarms { RejectedShare = 0.01, Duration = TimeSpan.FromMinutes(10), Rows = new() { AtLeast = 1000, AtMost = 1000 } }, Run), Is.Empty);

    [Test]
    public void Each_limit_that_is_crossed_says_what_how_much_and_what_to_look_at()
    {
        var alarms = RunAlarms.Judge(new JobAlarms { RejectedShare = 0.0099, Duration = TimeSpan.FromMinutes(9), Rows = new() { AtLeast = 1001 } }, Run);

        Assert.That(alarms, Is.EqualTo(new[]
        {
            new Alarm(AlarmKind.RejectedShare, "", 0.01, 0.0099, "1 % of the rows were rejected (10 of 1,000); the limit is 0.99 %", "the reasons, by `batchscorer runs show 17`"),
            new Alarm(AlarmKind.Duration, "", 600, 540, "the run took 10 m 00 s; the limit is 9 m 00 s", "where the time went, by `batchscorer runs report 17 --html run.html`"),
            new Alarm(AlarmKind.Rows, "atLeast", 1000, 1001, "the run read 1,000 rows, expected at least 1,001", "whether the source was loaded in full, and which rows the run was for, by `batchscorer runs show 17`"),
        }));
    }

    [Test]
    public void Too_many_rows_are_an_alarm_of_their_own() =>
        Assert.That(RunAlarms.Judge(new JobAlarms { Rows = new() { AtMost = 999 } }, Run).Select(alarm => (alarm.Subject, alarm.Value, alarm.Limit)), Is.EqualTo(new[] { ("atMost", 1000.0, 999.0) }));

    [Test]
    public void Columns_that_have_drifted_are_an_alarm_each_once_they_are_many_enough()
    {
        var drifted = Run with
        {
            Drifted =
            [
                new ColumnOverLimit("Region", "psi", "run 16", 0.31234, 0.1, "\"north\" is 40 % of the values, was 10 %"),
                new ColumnOverLimit("Tenure", "null_rate", "the model's reference", 0.2, 0.1, "20 % of the rows have no value, 0 % had none"),
            ],
        };

        Assert.That(RunAlarms.Judge(new JobAlarms { Drift = new() { Columns = 3 } }, drifted), Is.Empty);
        Assert.That(RunAlarms.Judge(new JobAlarms { Drift = new() { Columns = 2 } }, drifted).Select(alarm => (alarm.Subject, alarm.Message, alarm.LookAt)), Is.EqualTo(new[]
        {
            ("Region", "Region has drifted against run 16: psi is 0.3123, the limit 0.1", "\"north\" is 40 % of the values, was 10 %; `batchscorer drift churn` has every column"),
            ("Tenure", "Tenure has drifted against the model's reference: null_rate is 0.2, the limit 0.1", "20 % of the rows have no value, 0 % had none; `batchscorer drift churn` has every column"),
        }));
    }

    [Test]
    public void A_run_that_failed_is_not_judged_by_rows_that_it_has_not_read() => Assert.That(
        RunAlarms.Judge(new JobAlarms { RejectedShare = 0, Rows = new() { AtLeast = 5000 } }, Run with { Succeeded = false }).Select(alarm => alarm.Kind), Is.EqualTo(new[] { AlarmKind.RejectedShare }));

    [Test]
    public void A_run_without_rows_has_no_rejected_share() =>
        Assert.That(RunAlarms.Judge(new JobAlarms { RejectedShare = 0 }, Run with { RowsRead = 0, RowsRejected = 0 }), Is.Empty);

    [Test]
    public void Only_the_alarms_that_the_job_names_hold_a_run()
    {
        var limits = new JobAlarms { RejectedShare = 0, Rows = new() { AtLeast = 2000 }, Hold = [AlarmKind.Rows] };
        var alarms = RunAlarms.Judge(limits, Run);

        Assert.That(alarms, Has.Count.EqualTo(2));
        Assert.That(RunAlarms.HoldReason(limits, alarms, rejectedAccepted: false), Is.EqualTo("the run read 1,000 rows, expected at least 2,000"));
        Assert.That(RunAlarms.HoldReason(limits with { Hold = null }, alarms, rejectedAccepted: false), Is.Null);
    }

    [Test]
    public void Rejected_rows_that_somebody_has_accepted_hold_nothing()
    {
        var limits = new JobAlarms { RejectedShare = 0, Hold = [AlarmKind.RejectedShare] };
        var alarms = RunAlarms.Judge(limits, Run);

        Assert.That(RunAlarms.HoldReason(limits, alarms, rejectedAccepted: false), Is.Not.Null);
        Assert.That(RunAlarms.HoldReason(limits, alarms, rejectedAccepted: true), Is.Null);
    }
}

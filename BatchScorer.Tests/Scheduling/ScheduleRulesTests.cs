using BatchScorer.Scheduling;

namespace BatchScorer.Tests.Scheduling;

internal sealed class ScheduleRulesTests
{
    [TestCase("0 30 2 * * ?")]
    [TestCase("0 0/15 8-18 ? * MON-FRI")]
    [TestCase("0 0 0 L * ? 2030")]
    public void What_Quartz_can_run_is_no_fault(string expression) => Assert.That(ScheduleRules.CronFault(expression), Is.Null);

    [Test]
    public void A_line_from_crontab_is_answered_in_the_form_of_Quartz() =>
        Assert.That(ScheduleRules.CronFault("*/15 8 * * 0"), Does.EndWith("got \"*/15 8 * * 0\", did you mean \"0 */15 8 ? * SUN\"?"));

    [TestCase("often")]
    [TestCase("0 0 25 * * ?")]
    [TestCase("")]
    public void Anything_else_is_answered_with_what_was_expected(string expression) =>
        Assert.That(ScheduleRules.CronFault(expression), Does.StartWith($"expected a Quartz cron expression, seconds first, such as \"0 30 2 * * ?\", got \"{expression}\": "));
}

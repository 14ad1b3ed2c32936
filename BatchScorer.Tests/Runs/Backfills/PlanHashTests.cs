using BatchScorer.Errors;
using BatchScorer.Runs.Backfills;

namespace BatchScorer.Tests.Runs.Backfills;

internal sealed class PlanHashTests
{
    private const string Given = "111111-222222-333333-444444";

    [Test]
    public void The_same_hash_is_accepted() => Assert.That(() => PlanHash.Require(Given, Given), Throws.Nothing);

    [TestCase("aaaaaa-222222-333333-444444", "the job's definition or query.")]
    [TestCase("111111-aaaaaa-333333-aaaaaa", "the model; the rows in them.")]
    [TestCase("111111-222222-aaaaaa-444444", "the windows, or what has become of them.")]
    public void Another_one_tells_what_differs(string actual, string expected) => Assert.That(() => PlanHash.Require(Given, actual),
        Throws.TypeOf<BatchScorerException>().With.Message.Contains($"What differs: {expected} Nothing was run"));

    [TestCase("")]
    [TestCase("111111")]
    [TestCase("111111-222222-333333-44444G")]
    public void What_is_no_hash_is_a_fault_of_the_command_line(string given) => Assert.That(() => PlanHash.Require(given, Given),
        Throws.TypeOf<BatchScorerException>().With.Property(nameof(BatchScorerException.ExitCode)).EqualTo(ExitCode.Usage));
}

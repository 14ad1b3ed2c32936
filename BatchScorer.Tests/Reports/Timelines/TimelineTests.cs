using System.Net;
using BatchScorer.Reports.Timelines;

namespace BatchScorer.Tests.Reports.Timelines;

/// <summary>Attempts as lanes on an axis; seconds count from midnight.</summary>
internal sealed class TimelineTests
{
    private static readonly DateTime Midnight = new(2026, 3, 1, 0, 0, 0, DateTimeKind.Utc);

    [Test]
    public void Without_pauses_the_axis_is_even()
    {
        var axis = new TimeAxis(Bars(Attempt(0, 0, 10), Attempt(1, 10, 20)));

        Assert.That(new[] { -5, 0, 5, 20, 25 }.Select(second => axis.Place(At(second))), Is.EqualTo(new[] { 0.0, 0, 25, 100, 100 }).Within(1e-9));
        Assert.That(axis.Cuts, Is.Empty);
    }

    [Test]
    public void A_night_between_two_stints_is_cut_short()
    {
        var axis = new TimeAxis(Bars(Attempt(0, 0, 10), Attempt(1, 36_000, 36_010)));

        Assert.That(axis.Cuts, Is.EqualTo(new[] { (At(10), At(36_000), 49.0, 51.0) }));
        Assert.That(new[] { 5.0, 10, 36_000, 36_010 }.Select(second => axis.Place(At(second))), Is.EqualTo(new[] { 24.5, 49, 51, 100 }).Within(1e-9));
    }

    [Test]
    public void Any_number_of_pauses_leaves_most_of_the_axis_to_work()
    {
        var axis = new TimeAxis(Bars([.. Enumerable.Range(0, 100).Select(i => Attempt(i, i * 1000, i * 1000 + 1))]));

        Assert.That(axis.Cuts.Sum(cut => cut.To - cut.From), Is.EqualTo(20).Within(1e-6));
        Assert.That(axis.Place(axis.End), Is.EqualTo(100).Within(1e-6));
    }

    [Test]
    public void A_worker_that_died_has_worked_until_nobody_knows_when_and_takes_no_room()
    {
        var attempts = new[] { Attempt(0, 0, 10), Attempt(1, 10, null), Attempt(1, 310, 320, number: 2) };
        var axis = new TimeAxis(Bars(attempts));

        Assert.That(attempts[1].Fate, Is.EqualTo(AttemptFate.Died));
        Assert.That(Bars(attempts)[1].End, Is.EqualTo(At(310)), "the next attempt at the chunk tells that it was over");
        Assert.That(axis.Cuts, Has.Count.EqualTo(1));
    }

    [Test]
    public void An_attempt_without_length_can_be_drawn()
    {
        var axis = new TimeAxis(Bars(Attempt(0, 5, 5)));

        Assert.That(axis.Place(At(5)), Is.Zero);
        Assert.That(TimelineFigure.Draw([Attempt(0, 5, 5)], At(6)).ToString(), Does.Contain("chunk 0, attempt 1: done, 0.00 s"));
    }

    [Test]
    public void Attempts_side_by_side_lie_in_lanes_of_their_process()
    {
        var lanes = Lane.Of(Bars(Attempt(0, 0, 10), Attempt(1, 0, 4), Attempt(2, 4, 12), Attempt(3, 3, 5, process: 8), Attempt(4, 10, 20)));

        Assert.That(lanes.Select(lane => (lane.ProcessId, lane.Partition, string.Join(' ', lane.Bars.Select(bar => bar.Attempts[0].ChunkNo)))),
            Is.EqualTo(new[] { (7, 1, "0 4"), (7, 2, "1 2"), (8, 1, "3") }));
    }

    [Test]
    public void Bars_too_short_to_be_seen_are_joined_unless_there_is_something_to_tell()
    {
        var attempts = Enumerable.Range(0, 1000).Select(i => Attempt(i, i, i + 1) with { Outcome = i == 500 ? "failed" : "done" }).ToArray();
        var bars = Bars(attempts);

        var joined = Lane.Of(bars).Single().Joined(new TimeAxis(bars), least: 1);

        Assert.That(joined, Has.Count.InRange(80, 120));
        Assert.That(joined.Where(bar => bar.Fate is AttemptFate.Failed).Select(bar => bar.Attempts.Count), Is.EqualTo(new[] { 1 }));
        Assert.That(joined.Sum(bar => bar.Attempts.Count), Is.EqualTo(1000));
    }

    [TestCase("failed", "class=\"failed\"", "2×")]
    [TestCase("stopped", "class=\"stopped\"", "2–")]
    [TestCase("split", "class=\"split\"", "2÷")]
    [TestCase(null, "class=\"died\"", "2?")]
    public void What_became_of_an_attempt_is_told_by_form_and_sign(string? outcome, string form, string sign)
    {
        var figure = TimelineFigure.Draw([Attempt(0, 0, 1), Attempt(0, 1, 2, number: 2) with { Outcome = outcome }], At(2)).ToString();

        Assert.That(figure, Does.Contain(form).And.Contain($">{WebUtility.HtmlEncode(sign)}</text>").And.Contain("2 attempts at chunks, 1 of them repeated, by 1 partition of 1 process"));
    }

    [Test]
    public void Hosts_and_errors_are_encoded()
    {
        AttemptRecord[] attempts = [Attempt(0, 0, 1) with { Outcome = "failed", Host = "<b>host</b>", Error = "</title><script>" }];

        Assert.That($"{TimelineFigure.Draw(attempts, At(1))}{TimelineFigure.Troubles(attempts)}",
            Does.Contain("&lt;b&gt;host&lt;/b&gt;").And.Contain("&lt;/title&gt;&lt;script&gt;").And.Not.Contain("<script").And.Not.Contain("<b>host"));
    }

    private static List<Bar> Bars(params AttemptRecord[] attempts) => [.. Bar.Of(attempts, At(1000))];

    private static DateTime At(double second) => Midnight.AddSeconds(second);

    private static AttemptRecord Attempt(int chunk, double from, double? to, int number = 1, int process = 7) => new()
    {
        ChunkNo = chunk, Number = number, StartedAt = At(from), EndedAt = to is { } end ? At(end) : null, Host = "host", ProcessId = process,
        Outcome = to is null ? null : "done", UnderWay = false,
    };
}

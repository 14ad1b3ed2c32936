using BatchScorer.Errors;
using BatchScorer.Runs.Backfills;
using BatchScorer.Sources;

namespace BatchScorer.Tests.Runs.Backfills;

internal sealed class CursorScaleTests
{
    private static readonly CursorScale Time = CursorScale.Of(Column("timestamp with time zone"));
    private static readonly CursorScale Number = CursorScale.Of(Column("smallint"));

    [TestCase("2026-03-01", "2026-03-01T00:00:00.000000Z")]
    [TestCase("2026-03-01T02:30", "2026-03-01T02:30:00.000000Z")]
    [TestCase("2026-03-01T02:30:00Z", "2026-03-01T02:30:00.000000Z")]
    [TestCase("2026-03-01 02:30:00+01:00", "2026-03-01T01:30:00.000000Z")]
    [TestCase("2026-03-01T02:30:00.123456-05:30", "2026-03-01T08:00:00.123456Z")]
    [TestCase("0001-01-01", "0001-01-01T00:00:00.000000Z")]
    [TestCase("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z")]
    public void Dates_and_instants_are_in_UTC_unless_they_have_an_offset(string text, string expected) =>
        Assert.That(Time.Format(Time.Parse(text, "--from")), Is.EqualTo(expected));

    [TestCase("01.03.2026")]
    [TestCase("2026-3-1")]
    [TestCase("2026-02-30")]
    [TestCase("yesterday")]
    [TestCase("17")]
    public void What_is_no_instant_is_refused(string text) => Assert.That(() => Time.Parse(text, "--from"),
        Throws.TypeOf<BatchScorerException>().With.Message.StartsWith($"--from is \"{text}\", expected a date or an ISO 8601 instant"));

    [TestCase("1.00:00:00", 86_400_000_000)]
    [TestCase("06:00:00", 21_600_000_000)]
    public void Lengths_are_times(string text, long expected)
    {
        Assert.That(Time.ParseLength(text, "--every"), Is.EqualTo(expected));
        Assert.That(Time.FormatLength(expected), Is.EqualTo(text));
    }

    [TestCase("1")]
    [TestCase("1d")]
    [TestCase("-01:00:00")]
    [TestCase("00:00:00")]
    public void What_is_no_length_is_refused(string text) => Assert.That(() => Time.ParseLength(text, "--every"),
        Throws.TypeOf<BatchScorerException>().With.Message.Contains("1.00:00:00 for a day"));

    [Test]
    public void An_integer_cursor_takes_the_numbers_of_its_type()
    {
        Assert.That(Number.Format(Number.Parse("-32768", "--from")), Is.EqualTo("-32768"));
        Assert.That(() => Number.Parse("32768", "--from"), Throws.TypeOf<BatchScorerException>().With.Message.Contains("a whole number from -32768 to 32767"));
        Assert.That(() => Number.Parse("2026-03-01", "--from"), Throws.TypeOf<BatchScorerException>());
        Assert.That(() => Number.ParseLength("0", "--every"), Throws.TypeOf<BatchScorerException>().With.Message.Contains("from 1 to"));
    }

    [Test]
    public void Windows_begin_at_the_first_value_and_the_last_may_be_shorter()
    {
        var grid = WindowGrid.Cut(Number, 5, 26, 10);

        Assert.That(Enumerable.Range(0, grid.Count).Select(grid.Window), Is.EqualTo(new[] { new CursorRange("5", "15"), new CursorRange("15", "25"), new CursorRange("25", "26") }));
        Assert.That(WindowGrid.Cut(Number, 5, 26, null).Window(0), Is.EqualTo(new CursorRange("5", "26")));
    }

    [Test]
    public void A_range_without_anything_in_it_and_one_of_too_many_windows_are_refused()
    {
        var wide = CursorScale.Of(Column("bigint"));

        Assert.That(() => WindowGrid.Cut(Number, 5, 5, null), Throws.TypeOf<BatchScorerException>().With.Message.StartsWith("--to is 5, expected a value behind --from, 5"));
        Assert.That(() => WindowGrid.Cut(wide, long.MinValue, long.MaxValue, 1), Throws.TypeOf<BatchScorerException>().With.Message.Contains("at most 1000000"));
        Assert.That(WindowGrid.Cut(wide, long.MaxValue - 3, long.MaxValue, 2).Ends, Is.EqualTo(new[] { long.MaxValue - 1, long.MaxValue }));
    }

    private static SourceColumn Column(string type) => new("cursor", type, 0, IsEnum: false, NotNull: true);
}

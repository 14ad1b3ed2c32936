using BatchScorer.Batches;

namespace BatchScorer.Tests.Batches;

internal sealed class TextColumnTests
{
    private static TextColumn Column(int capacity, int vectorLength = 0) =>
        new("plan", new ColumnType(ValueKind.Text, vectorLength), capacity);

    [Test]
    public void Values_read_back_as_they_were_appended()
    {
        var column = Column(4);
        column.Append("basic");
        column.Append((string?)null);
        column.Append("größer 🙂");
        column.Append(new string('x', 5000));

        Assert.That(Enumerable.Range(0, 4).Select(column.Text), Is.EqualTo(new[] { "basic", "", "größer 🙂", new string('x', 5000) }));
    }

    [Test]
    public void A_row_forgotten_makes_room_for_another()
    {
        var column = Column(2, vectorLength: 2);
        foreach (var value in new[] { "a", "b", "half a row" })
            column.Append(value);

        column.Truncate(1);
        column.Append("c");
        column.Append("d");

        Assert.That(Enumerable.Range(0, column.Count).Select(column.Text), Is.EqualTo(new[] { "a", "b", "c", "d" }));
    }
}

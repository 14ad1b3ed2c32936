using BatchScorer.Batches;
using BatchScorer.Drift;
using BatchScorer.Profiles;

namespace BatchScorer.Tests.Drift;

internal sealed class SampleCheckTests
{
    private readonly Random random = new(20261122);

    [Test]
    public void Rows_like_those_the_model_was_made_with_are_no_misfits_and_neither_is_drift()
    {
        var reference = Profile(1000, _ => 40, _ => 90, i => i % 3 == 0 ? "north" : "south");

        Assert.That(SampleCheck.Find(reference, Profile(1000, _ => 40, _ => 90, i => i % 4 == 0 ? "north" : "south")), Is.Empty);
        Assert.That(SampleCheck.Find(reference, Profile(1000, _ => 48, i => i % 3 == 0 ? null : 90, i => i % 5 == 0 ? "west" : "south")), Is.Empty, "drift is for the watch");
        Assert.That(SampleCheck.Find(reference, Profile(1000, _ => 5000, _ => 90, _ => "south")), Is.Empty, "a number that grows with time is no other column");
    }

    [Test]
    public void An_empty_column_texts_written_otherwise_and_swapped_numbers_are_misfits()
    {
        var reference = Profile(1000, _ => 40, _ => 90, i => i % 3 == 0 ? "north" : "south");

        Assert.That(SampleCheck.Find(reference, Profile(1000, _ => 90, _ => 40, i => i % 3 == 0 ? "NORTH" : "SOUTH")), Is.EqualTo(new[]
        {
            new MisfitInput("Region", "100 % of the values are unknown to the model: 2 new value(s): \"SOUTH\" (666 rows), \"NORTH\" (334 rows)"),
            new MisfitInput("Tenure", "the values are those of \"Charges\", and not its own"),
            new MisfitInput("Charges", "the values are those of \"Tenure\", and not its own"),
        }));
        Assert.That(SampleCheck.Find(reference, Profile(200, _ => null, _ => 90, _ => "")), Is.EqualTo(new[]
        {
            new MisfitInput("Tenure", "100 % of the rows have no value, 0 % had none"),
            new MisfitInput("Region", "100 % of the rows have no value, 0 % had none"),
        }));
    }

    [Test]
    public void A_few_rows_tell_nothing()
    {
        var reference = Profile(1000, _ => 40, _ => 90, _ => "north");

        Assert.That(SampleCheck.Find(reference, Profile(SampleCheck.FewestRows - 1, _ => null, _ => 40, _ => "NORTH")), Is.Empty);
        Assert.That(SampleCheck.Find(Profile(SampleCheck.FewestRows - 1, _ => null, _ => 40, _ => "NORTH"), reference), Is.Empty);
        Assert.That(SampleCheck.Find(reference, Profile(SampleCheck.FewestRows, _ => null, _ => 40, _ => "NORTH")), Has.Count.EqualTo(2));
    }

    /// <summary>Numbers around a middle, and texts.</summary>
    private TableProfile Profile(int rows, Func<int, float?> tenure, Func<int, float?> charges, Func<int, string> region)
    {
        var batch = Batch.Create([("Tenure", new ColumnType(ValueKind.Single)), ("Charges", new ColumnType(ValueKind.Single)), ("Region", new ColumnType(ValueKind.Text))], rows);
        batch.RowCount = rows;
        for (var i = 0; i < rows; i++)
        {
            ((Column<float>)batch.Columns[0]).Values[i] = tenure(i) + random.NextSingle() * 20 ?? float.NaN;
            ((Column<float>)batch.Columns[1]).Values[i] = charges(i) + random.NextSingle() * 20 ?? float.NaN;
            ((TextColumn)batch.Columns[2]).Append(System.Text.Encoding.UTF8.GetBytes(region(i)));
        }

        var collector = new ProfileCollector(batch.Columns.Select(column => new ProfiledColumn(ProfileSide.Input, column.Name, column)));
        collector.Add(new bool[rows]);
        return collector.Take();
    }
}

using BatchScorer.Batches;
using BatchScorer.Sources;
using BatchScorer.Tests.Postgres;

namespace BatchScorer.Tests.Sources;

/// <summary>Values of every SQL type on their way into every kind of model input, through the real wire.</summary>
internal sealed class InputDecodingTests(ServerKind kind) : DatabaseTests(kind)
{
    [TestCase("smallint", "-32768", ValueKind.Single, -32768f)]
    [TestCase("integer", "16777217", ValueKind.Single, 16777216f, Description = "a tie goes to the even neighbour")]
    [TestCase("bigint", "9007199254740993", ValueKind.Double, 9007199254740992d)]
    [TestCase("bigint", "-9223372036854775808", ValueKind.Int64, long.MinValue)]
    [TestCase("real", "0.1", ValueKind.Single, 0.1f)]
    [TestCase("real", "'NaN'", ValueKind.Single, float.NaN)]
    [TestCase("real", "'-Infinity'", ValueKind.Double, double.NegativeInfinity)]
    [TestCase("double precision", "0.1", ValueKind.Single, 0.1f)]
    [TestCase("double precision", "'Infinity'", ValueKind.Single, float.PositiveInfinity)]
    [TestCase("double precision", "1e-300", ValueKind.Single, 0f)]
    [TestCase("double precision", "-0.0::double precision * 1", ValueKind.Double, -0d)]
    [TestCase("numeric", "0.1", ValueKind.Single, 0.1f)]
    [TestCase("numeric", "12345678.9", ValueKind.Double, 12345678.9)]
    [TestCase("numeric", "-0.00000000012345678901234567890123", ValueKind.Double, -0.00000000012345678901234567890123)]
    [TestCase("numeric", "0", ValueKind.Single, 0f)]
    [TestCase("numeric", "100000000000000000000000000", ValueKind.Double, 1e26)]
    [TestCase("numeric", "'NaN'", ValueKind.Single, float.NaN)]
    [TestCase("numeric", "42.000", ValueKind.Int16, (short)42)]
    [TestCase("boolean", "true", ValueKind.Boolean, true)]
    [TestCase("smallint", "255", ValueKind.Byte, (byte)255)]
    [TestCase("smallint", "-128", ValueKind.SByte, (sbyte)-128)]
    [TestCase("integer", "65535", ValueKind.UInt16, (ushort)65535)]
    [TestCase("bigint", "4294967295", ValueKind.UInt32, uint.MaxValue)]
    [TestCase("bigint", "9223372036854775807", ValueKind.UInt64, 9223372036854775807ul)]
    [TestCase("integer", "-7", ValueKind.Int32, -7)]
    [TestCase("text", "'größer 🙂'", ValueKind.Text, "größer 🙂")]
    [TestCase("varchar(10)", "' a '", ValueKind.Text, " a ")]
    [TestCase("mood", "'happy'", ValueKind.Text, "happy", Description = "an enumeration travels as its label")]
    [TestCase("postcode", "'01069'", ValueKind.Text, "01069", Description = "a domain travels as its base type")]
    public async Task A_value_that_fits_arrives_as_the_nearest_value_of_the_input(string sqlType, string value, ValueKind kind, object expected)
    {
        var (read, rejected) = await ReadOneAsync(sqlType, value, new ColumnType(kind));

        Assert.That(rejected, Is.Empty);
        Assert.That(read, Is.EqualTo(expected));
    }

    [TestCase("double precision", "1e39", ValueKind.Single, "1E+39 is beyond the range of Single")]
    [TestCase("numeric", "1e39", ValueKind.Single, "is beyond the range of Single")]
    [TestCase("numeric", "-1e400", ValueKind.Double, "is beyond the range of Double")]
    [TestCase("integer", "256", ValueKind.Byte, "256 is beyond the range of Byte (0 to 255)")]
    [TestCase("smallint", "-1", ValueKind.UInt64, "-1 is beyond the range of UInt64")]
    [TestCase("numeric", "1.5", ValueKind.Int32, "is not a whole number that fits into Int32")]
    [TestCase("numeric", "'NaN'", ValueKind.Int32, "is not a whole number that fits into Int32")]
    [TestCase("integer", "NULL", ValueKind.Int32, "the value is null, and the model's input is Int32, which has no missing value")]
    [TestCase("boolean", "NULL", ValueKind.Boolean, "the value is null, and the model's input is Boolean, which has no missing value")]
    public async Task A_value_that_does_not_fit_rejects_its_row_with_the_reason(string sqlType, string value, ValueKind kind, string reason)
    {
        var (_, rejected) = await ReadOneAsync(sqlType, value, new ColumnType(kind));

        Assert.That(rejected, Has.Count.EqualTo(1));
        Assert.That(rejected[0].Reason, Does.Contain(reason));
        Assert.That((rejected[0].Column, rejected[0].Key.Single()), Is.EqualTo(("value", "1")));
    }

    [TestCase("real", ValueKind.Single, float.NaN)]
    [TestCase("numeric", ValueKind.Double, double.NaN)]
    [TestCase("text", ValueKind.Text, "")]
    public async Task Null_is_the_missing_value_of_inputs_that_have_one(string sqlType, ValueKind kind, object expected)
    {
        var (read, rejected) = await ReadOneAsync(sqlType, "NULL", new ColumnType(kind));

        Assert.That(rejected, Is.Empty);
        Assert.That(read, Is.EqualTo(expected));
    }

    [TestCase("real[]", "'{1.5,NULL,-0.25}'", new[] { 1.5f, float.NaN, -0.25f })]
    [TestCase("integer[]", "'{1,2,3}'", new[] { 1f, 2f, 3f })]
    [TestCase("double precision[]", "NULL", new[] { float.NaN, float.NaN, float.NaN })]
    public async Task An_array_fills_a_vector(string sqlType, string value, float[] expected)
    {
        var (read, rejected) = await ReadOneAsync(sqlType, value, new ColumnType(ValueKind.Single, 3));

        Assert.That(rejected, Is.Empty);
        Assert.That(read, Is.EqualTo(expected));
    }

    [TestCase("'{1,2}'", "the array has 2 elements, and the model's input is a Vector of 3 Single")]
    [TestCase("'{}'", "the array has 0 elements")]
    [TestCase("'{{1,2,3}}'", "the array has 2 dimensions")]
    public async Task An_array_of_another_length_rejects_its_row(string value, string reason)
    {
        var (_, rejected) = await ReadOneAsync("real[]", value, new ColumnType(ValueKind.Single, 3));

        Assert.That(rejected.Single().Reason, Does.Contain(reason));
    }

    [Test]
    public async Task Numerics_round_as_the_decimal_text_does_whatever_their_digits()
    {
        await Database.ExecuteAsync(
            """
            SELECT setseed(0.25);
            CREATE TABLE numbers (id integer PRIMARY KEY, value numeric NOT NULL);
            INSERT INTO numbers SELECT n, round(((random() - 0.5) * 10 ^ (random() * 40 - 20))::numeric, (random() * 30)::integer) FROM generate_series(1, 2000) AS n;
            INSERT INTO numbers SELECT 2000 + n, (16777217 + n)::numeric / 1000 FROM generate_series(1, 500) AS n;
            """);
        var expected = (await Database.QueryAsync<string>("SELECT value::text FROM numbers ORDER BY id")).ToList();
        var layout = await SourceReading.LayoutAsync(Database, "numbers", ["id"],
            [("value", new ColumnType(ValueKind.Single)), ("value", new ColumnType(ValueKind.Double))]);

        var row = 0;
        await SourceReading.ReadAsync(Database, layout, batch =>
        {
            var singles = ((Column<float>)batch.Inputs.Columns[0]).Values;
            var doubles = ((Column<double>)batch.Inputs.Columns[1]).Values;
            for (var i = 0; i < batch.RowCount; i++, row++)
            {
                Assert.That(singles[i], Is.EqualTo(float.Parse(expected[row])), expected[row]);
                Assert.That(doubles[i], Is.EqualTo(double.Parse(expected[row])), expected[row]);
            }
        });
        Assert.That(row, Is.EqualTo(2500));
    }

    [Test]
    public void Types_that_do_not_go_together_have_no_decoder()
    {
        var text = new SourceColumn("plan", "text", 25, IsEnum: false, NotNull: true);
        var instant = new SourceColumn("at", "timestamp with time zone", 1184, IsEnum: false, NotNull: true);

        Assert.That(InputDecoder.For(text, Column.Create("x", new ColumnType(ValueKind.Single), 1)), Is.Null);
        Assert.That(InputDecoder.For(instant, Column.Create("x", new ColumnType(ValueKind.Text), 1)), Is.Null);
        Assert.That(InputDecoder.For(text, Column.Create("x", new ColumnType(ValueKind.Text, 2), 1)), Is.Null);
    }

    private async Task<(object? Value, List<RejectedRow> Rejected)> ReadOneAsync(string sqlType, string value, ColumnType type)
    {
        await Database.ExecuteAsync(
            $"""
            CREATE TYPE mood AS ENUM ('sad', 'happy');
            CREATE DOMAIN postcode AS varchar(5) CHECK (length(VALUE) = 5);
            CREATE TABLE one (id bigint PRIMARY KEY, value {sqlType});
            INSERT INTO one VALUES (1, {value});
            """);
        var layout = await SourceReading.LayoutAsync(Database, "one", ["id"], [("value", type)]);
        object? read = null;
        var rejected = await SourceReading.ReadAsync(Database, layout, batch => read = batch.RowCount == 0 ? null : batch.Inputs.Columns[0] switch
        {
            TextColumn text => text.Text(0),
            Column<float> { Type.IsVector: true } vector => vector.Row(0).ToArray(),
            Column<float> column => column.Values[0],
            Column<double> column => column.Values[0],
            Column<bool> column => column.Values[0],
            Column<sbyte> column => column.Values[0],
            Column<byte> column => column.Values[0],
            Column<short> column => column.Values[0],
            Column<ushort> column => column.Values[0],
            Column<int> column => column.Values[0],
            Column<uint> column => column.Values[0],
            Column<long> column => column.Values[0],
            Column<ulong> column => column.Values[0],
            var other => throw new NotSupportedException(other.Type.ToString()),
        });
        return (read, rejected);
    }
}

using System.Buffers.Binary;
using System.Text;
using BatchScorer.Batches;
using BatchScorer.Predictions;
using BatchScorer.Tests.Postgres;
using Npgsql;

namespace BatchScorer.Tests.Predictions;

internal sealed class PredictionWriterTests(ServerKind kind) : DatabaseTests(kind)
{
    private static readonly PredictionOrigin Origin = new(7, 3, new DateOnly(2026, 11, 21));

    private static readonly PredictionLayout Everything = new(
        "everything",
        [new("id", "bigint"), new("Ort", "text")],
        "bigint",
        [new("note", "text")],
        [
            Output("a", 0, ValueKind.Boolean), Output("b", 1, ValueKind.SByte), Output("c", 2, ValueKind.Byte), Output("d", 3, ValueKind.Int16),
            Output("e", 4, ValueKind.UInt16), Output("f", 5, ValueKind.Int32), Output("g", 6, ValueKind.UInt32), Output("h", 7, ValueKind.Int64),
            Output("i", 8, ValueKind.Single), Output("j", 9, ValueKind.Double), Output("k", 10, ValueKind.Text), Output("l", 11, ValueKind.Key),
            Output("m", 12, ValueKind.Single, 2), Output("n", 13, ValueKind.Double, 2),
        ]);

    [Test]
    public async Task Every_kind_of_output_reads_back_as_it_was_written()
    {
        await MakeTableAsync(Everything);
        var outputs = Batch.Create(Everything.Outputs.Select(column => (column.Output, column.Type)), 2);
        Set(outputs, 0, true);
        Set<sbyte>(outputs, 1, -128);
        Set<byte>(outputs, 2, 255);
        Set<short>(outputs, 3, -32768);
        Set<ushort>(outputs, 4, 65535);
        Set(outputs, 5, int.MinValue);
        Set(outputs, 6, uint.MaxValue);
        Set(outputs, 7, long.MinValue);
        Set(outputs, 8, 0.1f);
        Set(outputs, 9, -1e-30);
        ((TextColumn)outputs.Columns[10]).Append("größer 🙂");
        Set(outputs, 11, 4_000_000_000u);
        new[] { 1.5f, float.NaN }.CopyTo(((Column<float>)outputs.Columns[12]).Row(0));
        new[] { 0.1, double.NegativeInfinity }.CopyTo(((Column<double>)outputs.Columns[13]).Row(0));

        await WriteAsync(Everything, outputs, 1);

        var row = (await Database.QueryAsync<string>("SELECT to_jsonb(p)::text FROM scoring.everything_predictions AS p")).Single();
        Assert.That(row, Is.EqualTo(
            """{"a": true, "b": -128, "c": 255, "d": -32768, "e": 65535, "f": -2147483648, "g": 4294967295, "h": -9223372036854775808, "i": 0.1, "j": -0.000000000000000000000000000001, "k": "größer 🙂", "l": 4000000000, "m": [1.5, "NaN"], "n": [0.1, "-Infinity"], "id": 1, "Ort": "o1", "note": null, "run_id": 7, "chunk_no": 3, "planned_on": "2026-11-21", "source_cursor": 10}"""));
    }

    [Test]
    public async Task Missing_text_and_missing_categories_are_null()
    {
        await MakeTableAsync(Everything);
        var outputs = Batch.Create(Everything.Outputs.Select(column => (column.Output, column.Type)), 1);
        ((TextColumn)outputs.Columns[10]).Append("");

        await WriteAsync(Everything, outputs, 1);

        Assert.That(await Database.ScalarAsync<bool>("SELECT k IS NULL AND l IS NULL FROM scoring.everything_predictions"), Is.True);
    }

    [Test]
    public async Task Skipped_rows_are_left_out()
    {
        var layout = Everything with { Outputs = [Output("score", 0, ValueKind.Single)] };
        await MakeTableAsync(layout);
        var outputs = Batch.Create([("score", new ColumnType(ValueKind.Single))], 5);

        await WriteAsync(layout, outputs, 5, skipped: [false, true, false, false, true]);

        Assert.That(await Database.QueryAsync<long>("SELECT id FROM scoring.everything_predictions ORDER BY id"), Is.EqualTo(new long[] { 1, 3, 4 }));
    }

    [Test]
    public async Task A_prediction_that_is_there_already_is_refused_and_the_connection_lives_on()
    {
        var layout = Everything with { Outputs = [Output("score", 0, ValueKind.Single)] };
        await MakeTableAsync(layout);
        var outputs = Batch.Create([("score", new ColumnType(ValueKind.Single))], 1);
        await WriteAsync(layout, outputs, 1);

        Assert.That(async () => await WriteAsync(layout, outputs, 1), Throws.TypeOf<PostgresException>().With.Property("SqlState").EqualTo("23505"));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.everything_predictions"), Is.EqualTo(1));
    }

    private static OutputColumn Output(string name, int index, ValueKind kind, int length = 0) => new(name, name, index, new ColumnType(kind, length));

    private static void Set<T>(Batch outputs, int column, T value)
        where T : unmanaged => ((Column<T>)outputs.Columns[column]).Values[0] = value;

    private async Task MakeTableAsync(PredictionLayout layout)
    {
        await using var connection = await Database.DataSource.OpenConnectionAsync();
        await PredictionsTable.ApplyAsync(connection, layout, CancellationToken.None);
        await Database.ExecuteAsync("SELECT scoring.ensure_predictions_partition('everything', '2026-11-21')");
    }

    private async Task WriteAsync(PredictionLayout layout, Batch outputs, int rows, bool[]? skipped = null)
    {
        WireColumn[] passThrough = [new("id", rows), new("Ort", rows), new("cursor", rows), new("note", rows)];
        for (var row = 1; row <= rows; row++)
        {
            passThrough[0].Append(Bytes(row));
            passThrough[1].Append(Encoding.UTF8.GetBytes($"o{row}"));
            passThrough[2].Append(Bytes(row * 10));
            passThrough[3].AppendNull();
        }

        var buffer = new CopyBuffer();
        new PredictionEncoder(layout, passThrough, outputs).Encode(rows, skipped ?? new bool[rows], Origin, buffer);
        await using var connection = await Database.DataSource.OpenConnectionAsync();
        await PredictionWriter.WriteAsync(connection, layout, buffer, CancellationToken.None);
        Assert.That(buffer.RowCount, Is.Zero);
    }

    private static byte[] Bytes(long value)
    {
        var bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        return bytes;
    }
}

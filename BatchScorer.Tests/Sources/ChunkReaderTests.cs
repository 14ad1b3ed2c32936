using System.Diagnostics;
using BatchScorer.Batches;
using BatchScorer.Sources;
using BatchScorer.Tests.Postgres;
using Npgsql;
using static BatchScorer.Tests.Scheduling.ScheduledJob;

namespace BatchScorer.Tests.Sources;

internal sealed class ChunkReaderTests(ServerKind kind) : DatabaseTests(kind)
{
    private static readonly ColumnType Real = new(ValueKind.Single);

    [Test]
    public async Task An_empty_table_has_no_rows()
    {
        await Database.ExecuteAsync("CREATE TABLE empty (id integer PRIMARY KEY, x real)");
        var layout = await SourceReading.LayoutAsync(Database, "empty", ["id"], [("x", Real)]);

        Assert.That(await SourceReading.ReadKeysAsync(Database, layout), Is.Empty);
    }

    [Test]
    public async Task Batches_smaller_than_the_chunk_hold_every_row_once_and_in_order()
    {
        await Database.ExecuteAsync("CREATE TABLE many (id integer PRIMARY KEY, x real); INSERT INTO many SELECT n, n FROM generate_series(1, 1000) AS n");
        var layout = await SourceReading.LayoutAsync(Database, "many", ["id"], [("x", Real)]);

        Assert.That(await SourceReading.ReadKeysAsync(Database, layout, capacity: 7), Is.EqualTo(Enumerable.Range(1, 1000).Select(n => $"{n}")));
    }

    [Test]
    public async Task A_range_of_composite_keys_is_half_open_and_compares_column_by_column()
    {
        await Database.ExecuteAsync(
            """
            CREATE TABLE visits (shop text, customer uuid, day bigint, x real, PRIMARY KEY (shop, customer, day));
            INSERT INTO visits SELECT shop, ('00000000-0000-0000-0000-00000000000' || customer)::uuid, day, 1
            FROM unnest(ARRAY['Köln', 'O''Hara; DROP TABLE visits', 'a,b']) AS shop, generate_series(1, 3) AS customer, generate_series(1, 2) AS day
            """);
        var layout = await SourceReading.LayoutAsync(Database, "visits", ["shop", "customer", "day"], [("x", Real)]);
        var all = await SourceReading.ReadKeysAsync(Database, layout);
        Assert.That(all, Has.Count.EqualTo(18));

        var from = all[4].Split('|');
        string[] to = ["O'Hara; DROP TABLE visits", "00000000-0000-0000-0000-000000000002", "1"];
        var some = await SourceReading.ReadKeysAsync(Database, layout, new KeyRange(from, to));

        Assert.That(some, Is.EqualTo(all.Skip(4).TakeWhile(key => key != string.Join('|', to))));
        Assert.That(some, Is.Not.Empty);
    }

    [Test]
    public async Task A_window_reads_cursor_values_from_its_start_up_to_but_without_its_end()
    {
        await Database.ExecuteAsync(
            "CREATE TABLE events (id integer PRIMARY KEY, at timestamptz NOT NULL, x real); INSERT INTO events SELECT n, '2026-03-01T00:00Z'::timestamptz + n * interval '1 hour', n FROM generate_series(0, 9) AS n");
        var layout = await SourceReading.LayoutAsync(Database, "events", ["id"], [("x", Real)], cursor: "at");

        var keys = await SourceReading.ReadKeysAsync(Database, layout, window: new CursorRange("2026-03-01T02:00:00.000000Z", "2026-03-01T05:00:00.000000Z"));

        Assert.That(keys, Is.EqualTo(new[] { "2", "3", "4" }));
    }

    [Test]
    public async Task The_jobs_filter_keeps_other_rows_out_even_when_it_ends_in_a_comment()
    {
        await Database.ExecuteAsync("CREATE TABLE filtered (id integer PRIMARY KEY, x real, country text); INSERT INTO filtered VALUES (1, 1, 'DE'), (2, 2, 'FR'), (3, 3, NULL)");
        var layout = await SourceReading.LayoutAsync(Database, "filtered", ["id"], [("x", Real)], filter: "country = 'DE' OR country IS NULL -- the rest later");

        Assert.That(await SourceReading.ReadKeysAsync(Database, layout), Is.EqualTo(new[] { "1", "3" }));
    }

    [Test]
    public async Task Ranges_of_keys_of_fixed_width_hold_the_whole_key()
    {
        await Database.ExecuteAsync("CREATE TABLE coded (code char(4) PRIMARY KEY, x real); INSERT INTO coded VALUES ('aa', 1), ('ab', 2), ('abc', 3), ('b', 4)");
        var layout = await SourceReading.LayoutAsync(Database, "coded", ["code"], [("x", Real)]);

        Assert.That(await SourceReading.ReadKeysAsync(Database, layout, new KeyRange(["ab"], ["b"])), Is.EqualTo(new[] { "ab  ", "abc " }));
    }

    [Test]
    public async Task Identifiers_that_need_quoting_are_read_as_they_are()
    {
        await Database.ExecuteAsync(
            """CREATE SCHEMA "My Schema"; CREATE TABLE "My Schema"."select ""from"" me" ("Key; --" integer PRIMARY KEY, "größe" real); INSERT INTO "My Schema"."select ""from"" me" VALUES (5, 1.5)""");
        var layout = await SourceReading.LayoutAsync(Database, "\"My Schema\".\"select \"\"from\"\" me\"", ["Key; --"], [("größe", Real)], carry: ["größe"]);

        Assert.That(await SourceReading.ReadKeysAsync(Database, layout), Is.EqualTo(new[] { "5" }));
    }

    [Test]
    public async Task Texts_longer_than_any_buffer_arrive_whole()
    {
        await Database.ExecuteAsync("CREATE TABLE long (id integer PRIMARY KEY, t text); INSERT INTO long SELECT n, repeat(chr(64 + n), 1000000 * n) FROM generate_series(1, 5) AS n");
        var layout = await SourceReading.LayoutAsync(Database, "long", ["id"], [("t", new ColumnType(ValueKind.Text))]);

        var lengths = new List<int>();
        await SourceReading.ReadAsync(Database, layout, batch =>
        {
            var column = (TextColumn)batch.Inputs.Columns[0];
            lengths.AddRange(Enumerable.Range(0, batch.RowCount).Select(row => column[row].Length));
            for (var row = 0; row < batch.RowCount; row++)
                Assert.That(column[row].ContainsAnyExcept(column[row][0]), Is.False);
        });

        Assert.That(lengths, Is.EqualTo(new[] { 1000000, 2000000, 3000000, 4000000, 5000000 }));
    }

    [Test]
    public async Task Rejected_rows_leave_no_trace_in_the_batch_around_them()
    {
        await Database.ExecuteAsync(
            """
            CREATE TABLE mixed (id integer PRIMARY KEY, t text, flag boolean, note text);
            INSERT INTO mixed SELECT n, 'text ' || n, CASE WHEN n % 3 = 0 THEN NULL ELSE n % 2 = 0 END, 'note ' || n FROM generate_series(1, 9) AS n
            """);
        var layout = await SourceReading.LayoutAsync(Database, "mixed", ["id"],
            [("t", new ColumnType(ValueKind.Text)), ("flag", new ColumnType(ValueKind.Boolean))], carry: ["note"]);

        var read = new List<string>();
        var rejected = await SourceReading.ReadAsync(Database, layout, batch => read.AddRange(Enumerable.Range(0, batch.RowCount).Select(row =>
            $"{((TextColumn)batch.Inputs.Columns[0]).Text(row)}/{((Column<bool>)batch.Inputs.Columns[1]).Values[row]}/{System.Text.Encoding.UTF8.GetString(batch.PassThrough[1][row])}")), capacity: 4);

        Assert.That(read, Is.EqualTo(new[] { 1, 2, 4, 5, 7, 8 }.Select(n => $"text {n}/{n % 2 == 0}/note {n}")));
        Assert.That(rejected.Select(row => row.Key.Single()), Is.EqualTo(new[] { "3", "6", "9" }));
    }

    [Test]
    public async Task Rows_are_given_as_json_from_the_snapshot_in_which_they_were_read()
    {
        await Database.ExecuteAsync("CREATE TABLE changing (a integer, b text, x double precision, at timestamptz NOT NULL, PRIMARY KEY (a, b)); INSERT INTO changing VALUES (1, 'k''1', 1.5, '2026-03-01T00:00Z'), (2, 'k2', 'NaN', '2026-03-02T00:00Z')");
        var layout = await SourceReading.LayoutAsync(Database, "changing", ["a", "b"], [("x", new ColumnType(ValueKind.Double))], cursor: "at");
        var batch = new SourceBatch(layout, 10);
        await using var reader = await ChunkReader.OpenAsync(Database.DataSource, layout, SourceReading.AllKeys, SourceReading.AnyTime, TimeSpan.FromMinutes(1), CancellationToken.None);
        await reader.ReadAsync(new DecodedRows(batch, FieldDecoder.Bind(layout, batch), []), beside: null, CancellationToken.None);
        await Database.ExecuteAsync("UPDATE changing SET x = 99");

        var rows = await reader.ReadJsonAsync([new RejectedRow(["2", "k2"], "x", ""), new RejectedRow(["1", "k'1"], "x", "")], CancellationToken.None).ToListAsync();

        Assert.That(rows.Select(row => row.Key), Is.EqualTo(new[] { """{"a": 2, "b": "k2"}""", """{"a": 1, "b": "k'1"}""" }));
        Assert.That(rows[0].Row, Does.Contain("\"x\": \"NaN\""));
        Assert.That(rows[1].Row, Does.Contain("\"x\": 1.5"));
        Assert.That(rows[0].SourceCursor, Is.EqualTo("2026-03-02 00:00:00+00"));
    }

    [Test]
    public async Task A_reader_given_up_halfway_leaves_its_connection_usable()
    {
        await Database.ExecuteAsync("CREATE TABLE wide (id integer PRIMARY KEY, x real, filler text); INSERT INTO wide SELECT n, n, repeat('x', 1000) FROM generate_series(1, 5000) AS n");
        var layout = await SourceReading.LayoutAsync(Database, "wide", ["id"], [("x", Real)], carry: ["filler"]);
        for (var i = 0; i < 3; i++)
        {
            var batch = new SourceBatch(layout, 8);
            await using var reader = await ChunkReader.OpenAsync(Database.DataSource, layout, SourceReading.AllKeys, SourceReading.AnyTime, TimeSpan.FromMinutes(1), CancellationToken.None);
            Assert.That(await reader.ReadAsync(new DecodedRows(batch, FieldDecoder.Bind(layout, batch), []), beside: null, CancellationToken.None), Is.True);
        }

        Assert.That(await Database.ScalarAsync<int>("SELECT 1"), Is.EqualTo(1));
    }

    [Test]
    public async Task A_reader_to_whom_nothing_comes_any_more_lets_go_when_it_is_told_to_stop()
    {
        await Database.ExecuteAsync("CREATE TABLE wide (id integer PRIMARY KEY, x real, filler text); INSERT INTO wide SELECT n, n, repeat('x', 1000) FROM generate_series(1, 20000) AS n");
        var layout = await SourceReading.LayoutAsync(Database, "wide", ["id"], [("x", Real)], carry: ["filler"]);
        var settings = new NpgsqlConnectionStringBuilder(Database.ConnectionString);
        await using var proxy = new Proxy(settings.Port);
        settings.Port = proxy.Port;
        await using var source = NpgsqlDataSource.Create(settings);
        var batch = new SourceBatch(layout, 1000);
        var decoders = FieldDecoder.Bind(layout, batch);
        using var stop = new CancellationTokenSource();
        var reader = await ChunkReader.OpenAsync(source, layout, SourceReading.AllKeys, SourceReading.AnyTime, TimeSpan.FromMinutes(1), CancellationToken.None);

        proxy.Stall();
        var rows = 0;
        var reading = Task.Run(async () =>
        {
            while (await reader.ReadAsync(new DecodedRows(batch, decoders, []), beside: null, stop.Token))
                rows += batch.RowCount;
        });
        await Task.Delay(500);
        Assert.That(reading.IsCompleted, Is.False);
        var since = Stopwatch.GetTimestamp();
        await stop.CancelAsync();

        Assert.That(async () => await reading, Throws.InstanceOf<OperationCanceledException>());
        await reader.DisposeAsync();
        Assert.That(Stopwatch.GetElapsedTime(since), Is.LessThan(TimeSpan.FromSeconds(3)));
        Assert.That(rows, Is.LessThan(20_000));

        proxy.Resume();
        await UntilAsync(
            async () => await Database.ScalarAsync<long>("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle' AND pid <> pg_backend_pid()") == 0,
            "the connection is free");
    }

    [Test]
    public async Task A_chunk_that_is_read_to_its_end_has_nothing_cancelled()
    {
        await Database.ExecuteAsync("CREATE TABLE few (id integer PRIMARY KEY, x real); INSERT INTO few SELECT n, n FROM generate_series(1, 100) AS n");
        var layout = await SourceReading.LayoutAsync(Database, "few", ["id"], [("x", Real)]);
        var settings = new NpgsqlConnectionStringBuilder(Database.ConnectionString);
        await using var proxy = new Proxy(settings.Port);
        settings.Port = proxy.Port;
        await using var source = NpgsqlDataSource.Create(settings);
        var batch = new SourceBatch(layout, 200);
        var decoders = FieldDecoder.Bind(layout, batch);

        for (var i = 0; i < 500; i++)
        {
            await using var reader = await ChunkReader.OpenAsync(source, layout, SourceReading.AllKeys, SourceReading.AnyTime, TimeSpan.FromMinutes(1), CancellationToken.None);
            Assert.That(await reader.ReadAsync(new DecodedRows(batch, decoders, []), beside: null, CancellationToken.None), Is.False);
        }

        Assert.That(proxy.Taken, Is.EqualTo(1), "one connection, used again and again, and none to cancel by");
    }

    [Test]
    public async Task A_server_that_fails_after_it_has_sent_rows_is_heard()
    {
        await Database.ExecuteAsync("CREATE TABLE few (id integer PRIMARY KEY, x real); INSERT INTO few SELECT n, n FROM generate_series(1, 5000) AS n");
        var layout = await SourceReading.LayoutAsync(Database, "few", ["id"], [("x", Real)], filter: "1 / (5000 - id) >= 0");

        Assert.That(async () => await SourceReading.ReadKeysAsync(Database, layout), Throws.TypeOf<PostgresException>().With.Message.Contains("division by zero"));
        Assert.That(await Database.ScalarAsync<int>("SELECT 1"), Is.EqualTo(1));
    }
}

using BatchScorer.Errors;
using BatchScorer.Tests.Cli;
using BatchScorer.Tests.Postgres;

namespace BatchScorer.Tests.Exchange;

internal sealed class ImportTests(ServerKind kind) : CommandTests(kind)
{
    private const string Types =
        """
        CREATE TABLE typed (
            id integer PRIMARY KEY, flag boolean, small smallint, big bigint, ratio real, wide double precision, amount numeric(8,2),
            note text, code varchar(3), day date, local timestamp, instant timestamptz, mark uuid, list real[], kind mood)
        """;

    private TemporaryFolder folder = null!;

    [SetUp]
    public void CreateFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public async Task Values_of_all_types_arrive_and_empty_ones_are_null()
    {
        await Database.ExecuteAsync("CREATE TYPE mood AS ENUM ('good', 'bad')");
        await Database.ExecuteAsync(Types);
        folder.Write("typed.csv",
            "id,flag,small,big,ratio,wide,amount,note,code,day,local,instant,mark,list,kind",
            "1,true,-32768,9223372036854775807,0.1,1e-300,12.50,\"a, \"\"b\"\"\nc\td\\e\",äöü,2026-02-28,2026-03-01 06:30,2026-03-01T06:30:00.123456+01:00,8c5e1d0a-6a43-4d9e-9c5b-0d6c3f1e2a7b,\"{1,NULL}\",good",
            "2,,,,NaN,-Infinity,,\"\",,,,2026-03-01 06:30:00+00,,,");

        var answer = await RunAsync("import", "typed", "--csv", folder["typed.csv"]);

        Assert.That((answer.ExitCode, answer.Progress), Is.EqualTo((ExitCode.Done, "")));
        Assert.That(answer.Results, Does.StartWith("2 rows imported into public.typed in "));
        Assert.That(await Database.QueryAsync<string>("SET TimeZone = 'UTC'; SELECT typed::text FROM typed ORDER BY id"), Is.EqualTo(new[]
        {
            "(1,t,-32768,9223372036854775807,0.1,1e-300,12.50,\"a, \"\"b\"\"\nc\td\\\\e\",äöü,2026-02-28,\"2026-03-01 06:30:00\",\"2026-03-01 05:30:00.123456+00\",8c5e1d0a-6a43-4d9e-9c5b-0d6c3f1e2a7b,\"{1,NULL}\",good)",
            "(2,,,,NaN,-Infinity,,\"\",,,,\"2026-03-01 06:30:00+00\",,,)",
        }));
    }

    [Test]
    public async Task All_faults_are_told_with_line_and_column_and_nothing_is_imported()
    {
        await Database.ExecuteAsync("CREATE TABLE orders (id integer NOT NULL, total numeric, day date)");
        folder.Write("orders.csv", "id,total,day", "1,much,2026-02-30", "\"2\n\",1,", "3,1,", ",1,2026-01-01", "4,1");

        var answer = await RunAsync("import", "orders", "--csv", folder["orders.csv"]);

        Assert.That(answer.ExitCode, Is.EqualTo(ExitCode.BadConfiguration));
        Assert.That(answer.Progress.Replace(folder.Path, "", StringComparison.Ordinal), Is.EqualTo(
            """
            /orders.csv:2: column "total": expected a number such as 12.50, since the column is numeric, got "much"
            /orders.csv:2: column "day": expected a date such as 2026-03-01, since the column is date, got "2026-02-30"
            /orders.csv:3: column "id": expected a whole number from -2147483648 to 2147483647, since the column is integer, got "2 "
            /orders.csv:6: column "id": there is no value, and the column may not be null
            /orders.csv:7: Record 6 (line 7) has 2 fields but 3 were expected; expected fields with commas between them, in double quotes where they hold commas, quotes or line ends
            Nothing is imported.

            """));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM orders"), Is.Zero);
    }

    [Test]
    public async Task Twenty_faults_are_told_and_the_others_are_counted()
    {
        await Database.ExecuteAsync("CREATE TABLE orders (id integer)");
        folder.Write("orders.csv", ["id", .. Enumerable.Range(0, 30_000).Select(n => n < 5000 ? $"{n}" : "x")]);

        var answer = await RunAsync("import", "orders", "--csv", folder["orders.csv"]);

        var told = answer.Progress.Split('\n');
        Assert.That(told, Has.Length.EqualTo(23));
        Assert.That(told[0], Does.StartWith($"{folder["orders.csv"]}:5002: "));
        Assert.That(told[20..], Is.EqualTo(new[] { "… and 24,980 more.", "Nothing is imported.", "" }));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM orders"), Is.Zero);
    }

    [Test]
    public async Task What_only_the_server_can_tell_has_its_line_too()
    {
        await Database.ExecuteAsync("CREATE TYPE mood AS ENUM ('good', 'bad'); CREATE TABLE moods (id integer PRIMARY KEY, mood mood, CHECK (id < 100))");
        var twice = folder.Write("twice.csv", "id,mood", "1,good", "\"2\",bad", "1,good");
        var unknown = folder.Write("unknown.csv", "mood,id", "good,1", "angry,2");
        var beyond = folder.Write("beyond.csv", "id", "7", "100");

        var answers = new List<string>();
        foreach (var file in new[] { twice, unknown, beyond })
            answers.Add((await RunAsync("import", "moods", "--csv", file)).Progress.Replace(folder.Path, "", StringComparison.Ordinal));

        Assert.That(answers, Is.EqualTo(new[]
        {
            "/twice.csv:4: the database refuses it: duplicate key value violates unique constraint \"moods_pkey\"\nNothing is imported.\n",
            "/unknown.csv:3: column \"mood\": the database refuses it: invalid input value for enum mood: \"angry\"\nNothing is imported.\n",
            "/beyond.csv:3: the database refuses it: new row for relation \"moods\" violates check constraint \"moods_id_check\"\nNothing is imported.\n",
        }));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM moods"), Is.Zero);
    }

    [Test]
    public async Task Lines_are_right_behind_records_of_several_lines()
    {
        await Database.ExecuteAsync("CREATE TABLE notes (note text, id integer PRIMARY KEY)");
        folder.Write("notes.csv", "note,id", "a,1", "\"b\nb\nb\",2", "c,3", "\"d\nd\",4", "e,1");

        var answer = await RunAsync("import", "notes", "--csv", folder["notes.csv"]);

        Assert.That(answer.Progress, Does.StartWith($"{folder["notes.csv"]}:9: the database refuses it: duplicate key"));
    }

    [Test]
    public async Task The_header_is_matched_to_the_columns_and_all_that_does_not_fit_is_told()
    {
        await Database.ExecuteAsync(
            """
            CREATE TABLE customers (customer_id integer NOT NULL, tenure_months integer, number integer GENERATED ALWAYS AS IDENTITY, since date NOT NULL DEFAULT now(), twice integer GENERATED ALWAYS AS (tenure_months * 2) STORED)
            """);
        folder.Write("good.csv", "TenureMonths,Customer ID", "7,1");
        folder.Write("bad.csv", "tenure_mnths,number,Tenure months,tenure_months,colour", "7,1,1,1,red");

        var good = await RunAsync("import", "customers", "--csv", folder["good.csv"]);
        var bad = await RunAsync("import", "customers", "--csv", folder["bad.csv"]);

        Assert.That((good.ExitCode, good.Progress), Is.EqualTo((ExitCode.Done, "")));
        Assert.That(await Database.QueryAsync<(int, int, int)>("SELECT customer_id, tenure_months, twice FROM customers"), Is.EqualTo(new[] { (1, 7, 14) }));
        Assert.That((bad.ExitCode, bad.Progress.Replace(folder.Path, "", StringComparison.Ordinal)), Is.EqualTo((ExitCode.BadConfiguration,
            """
            /bad.csv:1: column "tenure_mnths": public.customers has no such column, did you mean "tenure_months"?; it has customer_id, tenure_months, number, since, twice
            /bad.csv:1: column "number": the database fills "number" of public.customers by itself; leave the column out of the file
            /bad.csv:1: column "colour": public.customers has no such column; it has customer_id, tenure_months, number, since, twice
            /bad.csv:1: the columns "Tenure months" and "tenure_months" both mean "tenure_months" of public.customers; leave one out
            /bad.csv:1: the file has no column "customer_id", for which public.customers needs a value in every row

            """)));
    }

    [Test]
    public async Task A_table_is_made_with_the_types_that_hold_the_whole_file()
    {
        folder.Write("new.csv",
            "Customer ID,flag,price,share,postcode,day,local,instant,mark,note,nothing,mixed",
            "1,TRUE,12.50,1,01234,2026-03-01,2026-03-01T06:30,2026-03-01T06:30Z,8c5e1d0a-6a43-4d9e-9c5b-0d6c3f1e2a7b,a,,1",
            "2,false,,1e-5,10115,,2026-03-01 06:30:00,2026-03-01 06:30:00+01,,\"\",,x");

        var answer = await RunAsync("import", "made", "--csv", folder["new.csv"], "--create", "--key", "customer_id");

        Assert.That(answer.Results, Does.StartWith(
            """
            CREATE TABLE "public"."made" (
                "customer_id" bigint,
                "flag" boolean,
                "price" numeric,
                "share" double precision,
                "postcode" text,
                "day" date,
                "local" timestamp,
                "instant" timestamptz,
                "mark" uuid,
                "note" text,
                "nothing" text,
                "mixed" text,
                PRIMARY KEY ("customer_id")
            );
            2 rows imported into public.made in 
            """));
        Assert.That(await Database.ScalarAsync<string>("SET TimeZone = 'UTC'; SELECT made::text FROM made WHERE customer_id = 2"),
            Is.EqualTo("(2,f,,1e-05,10115,,\"2026-03-01 06:30:00\",\"2026-03-01 05:30:00+00\",,\"\",,x)"));
    }

    [Test]
    public async Task A_fault_takes_the_table_that_was_made_with_it()
    {
        folder.Write("new.csv", "id", "1", "1");

        var answer = await RunAsync("import", "made", "--csv", folder["new.csv"], "--create", "--key", "id");

        Assert.That(answer.Progress, Does.StartWith($"{folder["new.csv"]}:3: the database refuses it: duplicate key"));
        Assert.That(await Database.ScalarAsync<bool>("SELECT to_regclass('made') IS NULL"), Is.True);
    }

    [Test]
    public async Task What_an_export_writes_an_import_reads()
    {
        await MakeCustomersAsync(50);
        await RunAsync("run", "churn");
        await RunAsync("export", "churn", "--csv", folder["churn.csv"]);

        var answer = await RunAsync("import", "demo.again", "--csv", folder["churn.csv"], "--create", "--key", "customer_id");

        Assert.That(answer.ExitCode, Is.EqualTo(ExitCode.Done), answer.Progress);
        Assert.That(
            await Database.ScalarAsync<long>(
                """
                SELECT count(*) FROM demo.again JOIN scoring.churn_latest AS latest
                USING (customer_id, will_leave, source_cursor, run_id, published_at, model_name)
                WHERE again.churn_probability::real = latest.churn_probability AND again.region IS NOT DISTINCT FROM latest.region
                """),
            Is.EqualTo(50));
    }

    [TestCase("The database has no table public.odrers, did you mean \"public.orders\"?: correct the name, or add --create to have it made.", "odrers")]
    [TestCase("--create: the table public.orders is there already; leave --create out to add rows to it, or name another.", "orders", "--create")]
    [TestCase("TABLE is \"scoring.runs\": the tables of schema scoring are this program's own; expected one in another schema.", "scoring.runs")]
    [TestCase("TABLE is \"a.b.c\": expected schema.table", "a.b.c")]
    [TestCase("The database refuses: schema \"sales\" does not exist (3F000).", "sales.orders", "--create")]
    [TestCase("the file has no column \"nr\", which --key names", "new", "--create", "--key", "nr")]
    public async Task A_table_that_will_not_do_is_told(string message, string table, params string[] options)
    {
        await Database.ExecuteAsync("CREATE TABLE orders (id integer)");
        folder.Write("orders.csv", "id", "1");

        var answer = await RunAsync(["import", table, "--csv", folder["orders.csv"], .. options]);

        Assert.That(answer.ExitCode, Is.Not.EqualTo(ExitCode.Done));
        Assert.That(answer.Progress, Does.Contain(message));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM orders"), Is.Zero);
    }

    [Test]
    public async Task Programs_read_the_result_as_json()
    {
        folder.Write("new.csv", "id", "1");

        var answer = await RunAsync("import", "made", "--csv", folder["new.csv"], "--create", "--json");

        Assert.That(Invocation.ShapeOf(answer.Json), Is.EqualTo("{table: string, created: string, rows: number}"));
    }
}

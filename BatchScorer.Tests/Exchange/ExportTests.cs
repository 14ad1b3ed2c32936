using BatchScorer.Cli.Hosting;
using BatchScorer.Errors;
using BatchScorer.Tests.Cli;
using BatchScorer.Tests.Postgres;

namespace BatchScorer.Tests.Exchange;

internal sealed class ExportTests(ServerKind kind) : CommandTests(kind)
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public void CreateFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public async Task What_readers_see_is_in_the_file()
    {
        await MakeCustomersAsync(3);
        await RunAsync("run", "churn");

        var answer = await RunAsync("export", "churn", "--csv", folder["churn.csv"]);

        Assert.That((answer.ExitCode, answer.Progress), Is.EqualTo((ExitCode.Done, "")));
        Assert.That(answer.Results, Does.StartWith("3 rows written in "));
        var lines = folder.Read("churn.csv");
        Assert.That(lines[0], Is.EqualTo("customer_id,churn_probability,will_leave,region,source_cursor,run_id,published_at,model_name,model_version,scored_at"));
        Assert.That(lines[1], Does.Match(@"^100001,0\.07232531,false,east,2026-03-26 22:40:40\+00,1,20.*\+00,churn,2026-02-01,20.*\+00$"));
        Assert.That(lines, Has.Length.EqualTo(4));
    }

    [Test]
    public async Task Standard_output_has_the_rows_and_nothing_else()
    {
        await MakeLatestAsync("id integer, score real", "(1, 0.5), (2, 'NaN'), (3, NULL)");
        using var output = new MemoryStream();

        var answer = await Invocation.RunAsync(Settings, new StopRequest(), null, output, "export", "job", "--csv", "-");

        Assert.That(TemporaryFolder.Lines(output.ToArray()), Is.EqualTo(new[] { "id,score", "1,0.5", "2,NaN", "3," }));
        Assert.That((answer.ExitCode, answer.Results), Is.EqualTo((ExitCode.Done, "")));
        Assert.That(answer.Progress, Does.StartWith("3 rows written in "));
    }

    [Test]
    public async Task Texts_that_spreadsheets_would_run_get_an_apostrophe_and_numbers_do_not()
    {
        await MakeLatestAsync(
            "id integer, \"=text\" text, kind varchar(20), ratio double precision, amount numeric, waited interval, list real[], flag boolean",
            """
            (-1, '=cmd|''/c calc''!A0', '+1', -0.5, -12.50, '-1 day', '{-1}', true), (2, '@sum', '-1', 1e20, 0, '1 day', '{}', false),
            (3, E'\tx', E'\r=1', '-Infinity', 1, NULL, NULL, NULL), (4, 'a=b', '', 0, 1, NULL, NULL, NULL), (5, 'a "b", c', 'äöü', 0, 1, NULL, NULL, NULL)
            """);

        await RunAsync("export", "job", "--csv", folder["safe.csv"]);
        await RunAsync("export", "job", "--csv", folder["raw.csv"], "--raw");

        Assert.That(folder.Read("safe.csv"), Is.EqualTo(new[]
        {
            "id,'=text,kind,ratio,amount,waited,list,flag",
            "-1,'=cmd|'/c calc'!A0,'+1,-0.5,-12.50,'-1 days,{-1},true",
            "2,'@sum,'-1,1e+20,0,1 day,{},false",
            "3,'\tx,\"'\r=1\",-Infinity,1,,,",
            "4,a=b,\"\",0,1,,,",
            "5,\"a \"\"b\"\", c\",äöü,0,1,,,",
        }));
        Assert.That(folder.Read("raw.csv")[..3], Is.EqualTo(new[]
        {
            "id,=text,kind,ratio,amount,waited,list,flag",
            "-1,=cmd|'/c calc'!A0,+1,-0.5,-12.50,-1 days,{-1},true",
            "2,@sum,-1,1e+20,0,1 day,{},false",
        }));
    }

    [Test]
    public async Task Line_ends_within_a_text_are_kept()
    {
        await MakeLatestAsync("id integer, note text", "(1, E'two\\nlines'), (2, E'a \"\\n\" b')");

        await RunAsync("export", "job", "--csv", folder["job.csv"]);

        Assert.That(File.ReadAllText(folder["job.csv"]), Is.EqualTo("id,note\r\n1,\"two\nlines\"\r\n2,\"a \"\"\n\"\" b\"\r\n"));
    }

    [Test]
    public async Task A_condition_chooses_rows()
    {
        await MakeLatestAsync("id integer, region text", "(1, 'north'), (2, 'south'), (3, 'north')");

        var answer = await RunAsync("export", "job", "--where", "region = 'north' -- only these", "--csv", folder["job.csv"]);

        Assert.That(folder.Read("job.csv"), Is.EqualTo(new[] { "id,region", "1,north", "3,north" }), answer.Progress);
    }

    [TestCase("regoin = 'north'", "column \"regoin\" does not exist. The columns are id, region.")]
    [TestCase("id", "argument of WHERE must be type boolean, not type integer")]
    [TestCase("true) UNION SELECT 1, 'x' --", "syntax error")]
    [TestCase("true) OR (true", "syntax error")]
    [TestCase("true; DROP TABLE scoring.job_latest", "syntax error at or near \";\"")]
    [TestCase("true /*", "unterminated /* comment")]
    [TestCase("", "syntax error")]
    public async Task What_is_no_condition_is_refused_and_no_file_made(string condition, string message)
    {
        await MakeLatestAsync("id integer, region text", "(1, 'north')");

        var answer = await RunAsync("export", "job", "--where", condition, "--csv", folder["job.csv"]);

        Assert.That(answer.ExitCode, Is.EqualTo(ExitCode.Usage));
        Assert.That(answer.Progress, Does.StartWith($"--where is \"{condition}\": expected one SQL condition on the columns of scoring.job_latest").And.Contain(message));
        Assert.That(folder.Files, Is.Empty);
    }

    [Test]
    public async Task A_condition_that_writes_is_refused_by_the_server()
    {
        await MakeLatestAsync("id integer", "(1)");
        await Database.ExecuteAsync("CREATE TABLE noted (id integer); CREATE FUNCTION note(id integer) RETURNS boolean LANGUAGE sql AS 'INSERT INTO noted VALUES (id) RETURNING true'");

        var answer = await RunAsync("export", "job", "--where", "note(id)", "--csv", folder["job.csv"]);

        Assert.That((answer.ExitCode, answer.Progress), Is.EqualTo((ExitCode.Failed, "The database refuses: cannot execute INSERT in a read-only transaction (25006).\n")));
        Assert.That(folder.Files, Is.Empty);
    }

    [Test]
    public async Task A_fault_in_the_middle_leaves_the_file_that_was_there()
    {
        await MakeLatestAsync("id integer", "(1)");
        await Database.ExecuteAsync("INSERT INTO scoring.job_latest SELECT n % 50000 FROM generate_series(1, 50000) AS n");
        folder.Write("job.csv", "yesterday's");

        var answer = await RunAsync("export", "job", "--where", "1 / id >= 0", "--csv", folder["job.csv"]);

        Assert.That((answer.ExitCode, answer.Progress), Is.EqualTo((ExitCode.Failed, "The database refuses: division by zero (22012).\n")));
        Assert.That(File.ReadAllText(folder["job.csv"]), Is.EqualTo("yesterday's\n"));
        Assert.That(folder.Files, Has.Exactly(1).Items);
    }

    [Test]
    public async Task Who_stops_it_does_not_wait_for_the_rest()
    {
        await MakeLatestAsync("id integer, note text", "(0, '')");
        await Database.ExecuteAsync("INSERT INTO scoring.job_latest SELECT n, repeat('x', 1000) FROM generate_series(1, 20000) AS n");
        using var stop = new StopRequest();
        using var output = new StoppingStream(stop);

        var answer = await Invocation.RunAsync(Settings, stop, null, output, "export", "job", "--csv", "-");

        Assert.That((answer.ExitCode, answer.Progress), Is.EqualTo((ExitCode.Interrupted, "")));
        Assert.That(output.ToArray(), Has.Length.LessThan(1_000_000));
    }

    [Test]
    public async Task A_target_that_takes_no_more_is_told()
    {
        await MakeLatestAsync("id integer, note text", "(0, '')");
        await Database.ExecuteAsync("INSERT INTO scoring.job_latest SELECT n, repeat('x', 1000) FROM generate_series(1, 20000) AS n");

        var answer = await RunAsync("export", "job", "--csv", "/dev/full");

        Assert.That(answer.ExitCode, Is.EqualTo(ExitCode.Failed));
        Assert.That(answer.Progress, Does.StartWith("The output cannot be written: No space left on device"));
    }

    [Test]
    public async Task What_was_shown_at_an_instant_is_asked_of_the_jobs_function()
    {
        await MakeLatestAsync("id integer, seen timestamptz", "(1, 'now')");
        var before = await RunAsync("export", "job", "--as-of", "2026-03-01", "--csv", folder["job.csv"]);
        await Database.ExecuteAsync(
            "CREATE FUNCTION scoring.job_as_of(timestamptz) RETURNS SETOF scoring.job_latest LANGUAGE sql STABLE AS 'VALUES (7, $1), (8, $1)'");

        var answer = await RunAsync("export", "job", "--as-of", "2026-03-01T02:30:00+01:00", "--where", "id > 7", "--csv", folder["job.csv"]);

        Assert.That((before.ExitCode, before.Progress), Is.EqualTo((ExitCode.BadConfiguration,
            "The database has no function \"scoring\".\"job_as_of\"(timestamptz): run `batchscorer db migrate` once, as the owner of the schema.\n")));
        Assert.That(folder.Read("job.csv"), Is.EqualTo(new[] { "id,seen", "8,2026-03-01 01:30:00+00" }), answer.Progress);
    }

    [Test]
    public async Task An_unknown_job_is_told_with_one_that_is_meant()
    {
        await MakeLatestAsync("id integer", "(1)");

        var answer = await RunAsync("export", "jib", "--csv", folder["job.csv"]);

        Assert.That((answer.ExitCode, answer.Progress), Is.EqualTo((ExitCode.Usage,
            "The database has no predictions of a job \"jib\", did you mean \"job\"?: expected the name of a job whose tables `batchscorer db migrate` has made.\n")));
    }

    [Test]
    public async Task A_role_that_may_only_read_the_predictions_can_export_them()
    {
        await MakeLatestAsync("id integer", "(1)");
        var role = $"reader_{Guid.NewGuid():N}";
        await Database.ExecuteAsync($"CREATE ROLE {role} LOGIN PASSWORD 'x'; GRANT USAGE ON SCHEMA scoring TO {role}; GRANT SELECT ON scoring.job_latest TO {role}");
        try
        {
            var settings = new Dictionary<string, string>
            {
                ["BATCHSCORER_ConnectionStrings__BatchScorer"] = new Npgsql.NpgsqlConnectionStringBuilder(Database.ConnectionString) { Username = role, Password = "x" }.ConnectionString,
            };

            var answer = await Invocation.RunAsync(settings, "export", "job", "--csv", folder["job.csv"]);

            Assert.That((answer.ExitCode, answer.Progress), Is.EqualTo((ExitCode.Done, "")));
        }
        finally
        {
            await Database.ExecuteAsync($"DROP OWNED BY {role}; DROP ROLE {role}");
        }
    }

    /// <summary>Makes what a job's readers see, of any columns: export asks the catalogue, not the job file.</summary>
    private Task MakeLatestAsync(string columns, string rows) =>
        Database.ExecuteAsync($"CREATE TABLE scoring.job_latest ({columns}); INSERT INTO scoring.job_latest VALUES {rows}");

    private sealed class StoppingStream(StopRequest stop) : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            stop.Stop(ExitCode.Interrupted);
            return base.WriteAsync(buffer, CancellationToken.None);
        }
    }
}

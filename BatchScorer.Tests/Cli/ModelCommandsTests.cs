using BatchScorer.Errors;
using BatchScorer.Tests.Exchange;
using BatchScorer.Tests.Postgres;
using BatchScorer.Tests.Runs;

namespace BatchScorer.Tests.Cli;

internal sealed class ModelCommandsTests(ServerKind kind) : CommandTests(kind)
{
    private const string Job = """{ "name": "leavers", "source": { "table": "demo.customers", "key": ["customer_id"] }, "model": { "name": "churn" } }""";

    private static readonly string Churn = TestJob.GoldenModel("churn");

    private TemporaryFolder folder = null!;

    [SetUp]
    public void CreateFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public async Task A_model_is_registered_promoted_and_scores_until_it_is_rolled_back()
    {
        await MakeCustomersAsync(rows: 10);
        folder.Write("leavers.json", Job);
        await File.WriteAllLinesAsync(folder["golden.csv"], File.ReadLines(Golden("input.csv")).Zip(File.ReadLines(Golden("expected.csv")), (input, answer) => $"{input},{answer}").Take(6));

        var registered = await AskAsync("models", "register", Churn, "--name", "churn", "--version", "2026-02-01", "--golden", folder["golden.csv"], "--notes", "the first");
        Assert.That(registered.Progress, Is.Empty);
        Assert.That(registered.Results, Does.StartWith("Registered churn@2026-02-01.").And.Contain($"{folder["store"]}/").And.Contain("5 rows, scored as the file has PredictedLabel, Score, Probability").And.Contain("batchscorer models promote churn@2026-02-01"));
        Assert.That((await AskAsync("models", "register", Churn, "--name", "churn", "--version", "2026-02-01")).Results, Does.StartWith("churn@2026-02-01 is registered already with these bytes"));
        await AskAsync("models", "register", Golden("model-v2.zip"), "--name", "churn", "--version", "2026-11-20");

        Assert.That((await AskAsync("models", "promote", "churn@2026-02-01", "--jobs", folder.Path)).Results, Is.EqualTo("churn@2026-02-01 is in use; the next run of leavers scores with it.\n"));
        Assert.That((await AskAsync("models", "promote", "churn@2026-02-01", "--jobs", folder.Path)).Results, Is.EqualTo("churn@2026-02-01 is in use already.\n"));
        Assert.That((await AskAsync("db", "migrate", "--jobs", folder.Path)).ExitCode, Is.EqualTo(ExitCode.Done));
        Assert.That((await AskAsync("run", "leavers", "--jobs", folder.Path)).Results, Does.Contain("churn 2026-02-01, engine Compiled"));
        Assert.That((await AskAsync("models", "promote", "churn@2026-11-20", "--jobs", folder.Path)).Results, Does.StartWith("churn@2026-11-20 is in use instead of 2026-02-01;"));
        Assert.That((await AskAsync("run", "leavers", "--jobs", folder.Path)).Results, Does.Contain("churn 2026-11-20, engine Compiled"));
        Assert.That((await AskAsync("models", "rollback", "churn", "--jobs", folder.Path)).Results, Is.EqualTo("churn@2026-02-01 is in use instead of 2026-11-20; the next run of leavers scores with it.\n"));

        Assert.That((await AskAsync("models", "list")).Results.Split('\n')[1], Does.Match(@"^churn\s+2026-02-01\s+champion\s+.*\s5\s+da8946fbc371\s+the first"));
        Assert.That((await AskAsync("models", "show", "churn@champion")).Results, Does.Contain("churn@2026-02-01, the champion").And.Contain("FastTreeBinaryExec").And.Match(@"2026-02-01\s+2026-11-20\s+\w+\s+rollback"));
    }

    [Test]
    public async Task Runs_of_a_model_that_has_a_reference_are_compared_with_it()
    {
        await MakeCustomersAsync(rows: 300);
        await Database.ExecuteAsync("UPDATE demo.customers SET region = 'a, \"b\"' WHERE customer_id % 2 = 0");
        folder.Write("leavers.json", Job);
        var registered = await AskAsync("models", "register", Churn, "--name", "churn", "--version", "1", "--reference-query", "SELECT * FROM demo.customers;");
        folder.Write("reference.csv", "customer_id", "1");
        var wrong = await AskAsync("models", "register", Churn, "--name", "churn", "--version", "2", "--reference", folder["reference.csv"]);
        var failing = await AskAsync("models", "register", Churn, "--name", "churn", "--version", "2", "--reference-query", "SELECT *, 1 / (customer_id - 100001) AS ratio FROM demo.customers");
        var mistyped = await AskAsync("models", "register", Churn, "--name", "churn", "--version", "2", "--reference-query", "SELEC 1");
        await AskAsync("models", "promote", "churn@1", "--jobs", folder.Path);
        await AskAsync("db", "migrate", "--jobs", folder.Path);
        await AskAsync("run", "leavers", "--jobs", folder.Path);

        Assert.That(mistyped.Progress, Is.EqualTo("The database refuses query --reference-query: syntax error at or near \"1\". Correct it.\n"));
        Assert.That(registered.Results, Does.Match(@"reference\s+300 rows"), registered.Progress);
        Assert.That(wrong.Progress, Does.Contain($"{folder["reference.csv"]}:1: ").And.Contain("TenureMonths"));
        Assert.That(failing.Progress, Does.StartWith("--reference-query cannot be read: division by zero (22012)."));
        Assert.That((await AskAsync("models", "list")).Results, Does.Not.Contain("churn  2"));
        Assert.That((await AskAsync("models", "show", "churn@1")).Results, Does.Match(@"reference\s+profiled on "));
        Assert.That(await Database.QueryAsync<string>("SELECT DISTINCT against || ' ' || drifted FROM scoring.run_drift"), Is.EqualTo(new[] { "reference false" }), "the same rows");
    }

    [Test]
    public async Task A_model_that_a_job_cannot_use_is_not_promoted_and_nothing_is_written()
    {
        await MakeCustomersAsync(rows: 1);
        folder.Write("leavers.json", Job.Replace("\"model\"", "\"outputs\": { \"churn_probability\": \"Probability\" }, \"model\"", StringComparison.Ordinal));
        folder.Write("broken.json", "{");
        await AskAsync("models", "register", TestJob.GoldenModel("fasttree_regression"), "--name", "churn", "--version", "1");
        await AskAsync("models", "register", Churn, "--name", "churn", "--version", "2");
        await Database.ExecuteAsync("ALTER TABLE demo.customers RENAME tenure_months TO tenure_month; ALTER TABLE demo.customers ALTER auto_pay TYPE text");

        var unlike = await AskAsync("models", "promote", "churn@1", "--jobs", folder.Path);
        var renamed = await AskAsync("models", "promote", "churn@2", "--jobs", folder.Path);

        Assert.That(unlike.ExitCode, Is.EqualTo(ExitCode.BadConfiguration));
        Assert.That(unlike.Progress, Does.Contain("leavers.json:1: outputs.churn_probability: the model has no output \"Probability\"")
            .And.Contain("churn@1 is not put in use: job leavers would fail with it.")
            .And.Contain("broken.json has faults, so it was not checked against churn@1"));
        Assert.That(renamed.Progress, Does.Contain("did you mean \"tenure_month\"?").And.Contain("inputs.AutoPay: the model's input is Boolean, so column \"auto_pay\" has to be "));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.model_promotions"), Is.Zero);
    }

    [Test]
    public async Task Golden_rows_that_the_model_scores_otherwise_refuse_it()
    {
        await File.WriteAllLinesAsync(folder["golden.csv"], File.ReadLines(Golden("input.csv")).Zip(File.ReadLines(Golden("expected.csv")), (input, answer) => $"{input},{answer}").Take(6));

        var refused = await AskAsync("models", "register", Golden("model-v2.zip"), "--name", "churn", "--version", "1", "--golden", folder["golden.csv"]);

        Assert.That(refused.ExitCode, Is.EqualTo(ExitCode.BadConfiguration));
        Assert.That(refused.Progress, Does.StartWith($"{folder["golden.csv"]}:2: column \"Score\": the model answers -10.781609, and the file expects -15.20008"));
        Assert.That((await AskAsync("models", "list")).Results, Does.StartWith("There are no registered models"));
    }

    [Test]
    public async Task The_shapes_of_what_programs_read_stay_as_they_are()
    {
        var version = new[] { "--name", "churn", "--version", "1" };
        Assert.That(
            Invocation.ShapeOf((await AskAsync(["models", "register", Churn, .. version, "--golden", Golden("input.csv"), "--json"])).Json),
            Is.EqualTo("{name: string, version: string, sha256: string, isNew: boolean, file: string, goldenRows: number, expected: [], referenceRows: null, referenceRowsRejected: null}"));
        Assert.That(
            Invocation.ShapeOf((await AskAsync("models", "promote", "churn@1", "--jobs", folder.Path, "--json")).Json),
            Is.EqualTo("{name: string, version: string, insteadOf: null, isNew: boolean, jobs: [], decidedBy: null}"));
        Assert.That(
            Invocation.ShapeOf((await AskAsync("models", "list", "churn", "--json")).Json),
            Is.EqualTo("[{name: string, version: string, isChampion: boolean, sha256: string, sizeBytes: number, engine: string, goldenRows: number, registeredAt: string, registeredBy: string, notes: null}]"));
        Assert.That(
            Invocation.ShapeOf((await AskAsync("models", "show", "churn@1", "--json")).Json),
            Does.StartWith("{model: {name: string, version: string, sha256: string, sizeBytes: number, schema: {inputs: [{name: string, type: string}], outputs: [{name: string, type: string}]}, steps: [string], ")
                .And.EndsWith("promotions: [{promotionId: number, name: string, version: string, insteadOf: null, reason: string, promotedAt: string, promotedBy: string}]}"));
    }

    [TestCase("--name is \"Churn\", expected a name of at most 40 small letters", "models", "register", "FILE", "--name", "Churn", "--version", "1")]
    [TestCase("--version is \"champion\", expected a version of at most 100 letters", "models", "register", "FILE", "--name", "churn", "--version", "champion")]
    [TestCase("--version is \"Newest\", expected a version of at most 100 letters", "models", "register", "FILE", "--name", "churn", "--version", "Newest")]
    [TestCase("\"churn\" names no version of a model: expected NAME@VERSION", "models", "promote", "churn")]
    [TestCase("churn@champion is whichever version is in use", "models", "promote", "churn@champion")]
    [TestCase("No model \"churn\" is registered", "models", "show", "churn@9")]
    [TestCase("No model \"churn\" is registered", "models", "list", "churn")]
    [TestCase("No model \"churn\" is registered", "models", "rollback", "churn")]
    public async Task A_name_that_will_not_do_is_a_fault_of_the_command_line(string expected, params string[] arguments)
    {
        var answer = await AskAsync(arguments);

        Assert.That(answer.ExitCode, Is.EqualTo(ExitCode.Usage), answer.Progress);
        Assert.That(answer.Progress, Does.StartWith(expected));
    }

    [Test]
    public async Task Jobs_that_name_a_model_are_validated_against_it_or_it_is_said_that_they_are_not()
    {
        await MakeCustomersAsync(rows: 1);
        folder.Write("leavers.json", Job);

        var unregistered = await AskAsync("jobs", "validate", "--jobs", folder.Path);
        await AskAsync("models", "register", Churn, "--name", "churn", "--version", "1");
        await AskAsync("models", "promote", "churn@1", "--jobs", folder.Path);
        var registered = await AskAsync("jobs", "validate", "--jobs", folder.Path);
        var offline = await Invocation.RunAsync("jobs", "validate", "--jobs", folder.Path);

        Assert.That((unregistered.ExitCode, unregistered.Results), Is.EqualTo((ExitCode.BadConfiguration,
            "leavers.json:1: model.name: No model \"churn\" is registered, nor any other: run `batchscorer models register FILE --name churn --version VERSION`.\n1 job(s) checked, 1 fault(s) in 1 of them.\n")));
        Assert.That((registered.ExitCode, registered.Results), Is.EqualTo((ExitCode.Done, "1 job(s) checked, no faults.\n")));
        Assert.That((offline.ExitCode, offline.Results), Is.EqualTo((ExitCode.Done,
            "1 job(s) checked, no faults.\nRegistered models, tables, columns and types were not checked: no database is configured (ConnectionStrings:BatchScorer)\n")));
        Assert.That((await AskAsync("jobs", "list", "--jobs", folder.Path)).Results, Does.Contain("churn@champion"));
    }

    private static string Golden(string file) => Path.Combine(Path.GetDirectoryName(Churn)!, file);

    private Task<Invocation> AskAsync(params string[] arguments) => Invocation.RunAsync(
        new Dictionary<string, string>(Settings)
        {
            ["BATCHSCORER_BatchScorer__ModelStore"] = folder["store"],
            ["BATCHSCORER_BatchScorer__ModelCache"] = folder["cache"],
        },
        arguments);
}

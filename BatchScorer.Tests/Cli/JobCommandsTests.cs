using System.Text;
using BatchScorer.Errors;
using BatchScorer.Jobs;
using BatchScorer.Tests.Models;
using BatchScorer.Tests.Postgres;

namespace BatchScorer.Tests.Cli;

internal sealed class JobCommandsTests(ServerKind kind) : CommandTests(kind)
{
    private DirectoryInfo jobs = null!;

    [SetUp]
    public void MakeFolder()
    {
        jobs = Directory.CreateTempSubdirectory("batchscorer-test-");
        File.Copy(Repository.PathTo("jobs/samples/churn.zip"), Path.Combine(jobs.FullName, "churn.zip"));
        File.WriteAllBytes(Path.Combine(jobs.FullName, "unknown.zip"), UnknownModel.ToBytes());
    }

    [TearDown]
    public void RemoveFolder() => jobs.Delete(recursive: true);

    [Test]
    public async Task Jobs_are_listed_and_faulty_files_told_beside_them()
    {
        Write("good", """{ "name": "good", "source": { "table": "demo.customers", "key": ["customer_id"] }, "model": { "path": "churn.zip" } }""");
        Write("bad", """{ "name": "bad", "modell": {} }""");

        var answer = await RunAsync("jobs", "list", "--jobs", jobs.FullName);

        Assert.That(answer.ExitCode, Is.EqualTo(ExitCode.BadConfiguration));
        Assert.That(answer.Results.Split('\n')[1], Does.Match(@"^good\s+demo\.customers\s+all\s+churn\.zip\s+-"));
        Assert.That(answer.Progress, Does.Contain("bad.json:1: modell: unknown property, did you mean \"model\"?"));
    }

    [Test]
    public async Task Faults_against_model_and_database_have_file_line_and_property()
    {
        await MakeCustomersAsync(rows: 1);
        Write("churn",
            """
            {
              "name": "churn",
              "source": { "table": "demo.customers", "key": ["customer_id"], "cursor": "updatet_at" },
              "model": { "path": "churn.zip" },
              "inputs": {
                "TenureMonth": "tenure_months",
                "MonthlyCharges": "plan"
              },
              "outputs": { "probability": "Probabillity" }
            }
            """);

        var answer = await RunAsync("jobs", "validate", "--jobs", jobs.FullName, "--json");
        var run = await RunAsync("run", "churn", "--jobs", jobs.FullName);

        Assert.That(answer.ExitCode, Is.EqualTo(ExitCode.BadConfiguration));
        Assert.That(Invocation.ShapeOf(answer.Json), Is.EqualTo("{jobs: [string], faults: [{file: string, line: number, path: string, message: string}], databaseSkipped: null}"));
        Assert.That(
            answer.Json.GetProperty("faults").EnumerateArray().Select(fault => (fault.GetProperty("line").GetInt32(), fault.GetProperty("path").GetString())),
            Is.EqualTo(new[] { (3, "source.cursor"), (6, "inputs.TenureMonth"), (7, "inputs.MonthlyCharges"), (9, "outputs.probability") }));
        var faults = answer.Json.GetProperty("faults").EnumerateArray()
            .Select(fault => $"churn.json:{fault.GetProperty("line")}: {fault.GetProperty("path")}: {fault.GetProperty("message")}\n");
        Assert.That((run.ExitCode, run.Progress), Is.EqualTo((ExitCode.BadConfiguration, string.Concat(faults))), "a run says the same");
        Assert.That(answer.Results, Does.Contain("did you mean \\\"updated_at\\\"").And.Contain("did you mean \\\"TenureMonths\\\"").And.Contain("did you mean \\\"Probability\\\""));
    }

    [Test]
    public async Task A_table_that_is_missing_and_a_model_that_no_engine_scores_are_faults_in_their_lines()
    {
        Write("churn",
            """
            {
              "name": "churn",
              "source": { "table": "demo.customer", "key": ["customer_id"] },
              "model": { "path": "churn.zip" }
            }
            """);
        Write("unknown",
            """
            {
              "name": "unknown",
              "source": { "table": "demo.customer", "key": ["customer_id"] },
              "model": {
                "path": "unknown.zip", "engine": "compiled" }
            }
            """);

        var answer = await RunAsync("jobs", "validate", "--jobs", jobs.FullName);

        Assert.That(answer.ExitCode, Is.EqualTo(ExitCode.BadConfiguration));
        Assert.That(answer.Results, Does.Contain("churn.json:3: source.table: The database has no table demo.customer").And.Contain("unknown.json:5: model.path:"));
        Assert.That(answer.Results, Does.EndWith("2 job(s) checked, 2 fault(s) in 2 of them.\n"));
        foreach (var (job, place) in new[] { ("churn", "churn.json:3: source.table: The database has no table demo.customer"), ("unknown", "unknown.json:5: model.path: ") })
        {
            var run = await RunAsync("run", job, "--jobs", jobs.FullName);
            Assert.That((run.ExitCode, run.Progress), Is.EqualTo((ExitCode.BadConfiguration, answer.Results.Split('\n').Single(line => line.StartsWith(place, StringComparison.Ordinal)) + "\n")));
        }
    }

    [Test]
    public async Task Without_a_database_files_and_models_are_checked_and_the_rest_said_to_be_left_out()
    {
        Write("churn", """{ "name": "churn", "source": { "table": "t", "key": ["k"] }, "model": { "path": "churn.zip" }, "outputs": { "p": "Chance" } }""");

        var answer = await Invocation.RunAsync("jobs", "validate", "churn", "--jobs", jobs.FullName);

        Assert.That(answer.Results, Does.Contain("churn.json:1: outputs.p: the model has no output \"Chance\""));
        Assert.That(answer.Results, Does.Contain("Tables, columns and types were not checked: no database is configured"));
    }

    [Test]
    public async Task A_query_that_is_no_UTF_8_is_refused_in_its_line_by_validate_with_and_without_a_database_and_by_run()
    {
        Write("orders", """{ "name": "orders", "source": { "query": "orders.sql", "key": ["id"] }, "model": { "path": "churn.zip" } }""");
        await File.WriteAllBytesAsync(Path.Combine(jobs.FullName, "orders.sql"), Encoding.Latin1.GetBytes("SELECT 1 AS id,\n'größe' AS plan"));
        var settings = new Dictionary<string, string>(Settings) { ["BATCHSCORER_BatchScorer__SourcesFolder"] = jobs.FullName };
        var offline = settings.Where(setting => !setting.Key.Contains("ConnectionStrings", StringComparison.Ordinal)).ToDictionary();

        var answers = new[]
        {
            await Invocation.RunAsync(offline, "jobs", "validate", "--jobs", jobs.FullName),
            await Invocation.RunAsync(settings, "jobs", "validate", "--jobs", jobs.FullName),
            await Invocation.RunAsync(settings, "run", "orders", "--jobs", jobs.FullName),
        };

        Assert.That(answers.Select(answer => answer.ExitCode), Is.All.EqualTo(ExitCode.BadConfiguration));
        Assert.That(answers.Select(answer => answer.Results + answer.Progress), Is.All.Contain("orders.sql:2: this is not UTF-8; save the file in that encoding"));
    }

    [Test]
    public async Task The_demo_job_is_free_of_faults_against_the_demo_table()
    {
        await MakeCustomersAsync(rows: 1);

        var answer = await RunAsync("jobs", "validate");

        Assert.That((answer.ExitCode, answer.Results), Is.EqualTo((ExitCode.Done, "1 job(s) checked, no faults.\n")));
    }

    [Test]
    public async Task Migrating_applies_every_sound_job_and_tells_the_others()
    {
        await using var empty = await Server.CreateEmptyDatabaseAsync();
        await empty.ExecuteAsync("CREATE TABLE t (k integer PRIMARY KEY)");
        await BatchScorer.Cli.Demo.CustomersTable.CreateAsync(empty.DataSource, [], CancellationToken.None);
        Write("good", """{ "name": "good", "source": { "table": "demo.customers", "key": ["customer_id"] }, "model": { "path": "churn.zip" } }""");
        Write("unfit", """{ "name": "unfit", "source": { "table": "t", "key": ["k"] }, "model": { "path": "churn.zip" } }""");
        Write("unreadable", "{");

        var first = await Invocation.RunAsync(SettingsOf(empty), "db", "migrate", "--jobs", jobs.FullName);
        Assert.That(first.ExitCode, Is.EqualTo(ExitCode.BadConfiguration));
        Assert.That(first.Results, Does.StartWith("Applied migration 0001_ledger.").And.EndWith("The tables of job good are made or altered.\n"));
        Assert.That(first.Progress, Does.Contain("unreadable.json:1:").And.Contain("The tables of job unfit are left as they are: unfit.json:1: inputs."));
        Assert.That(await empty.ScalarAsync<string>("SELECT to_regclass('scoring.good_predictions')::text"), Is.Not.Null);

        jobs.GetFiles("un*.json").ToList().ForEach(file => file.Delete());
        var second = await Invocation.RunAsync(SettingsOf(empty), "db", "migrate", "--jobs", jobs.FullName);
        Assert.That((second.ExitCode, second.Results), Is.EqualTo((ExitCode.Done, "The schema is up to date.\nThe tables of job good are up to date.\n")));
        Assert.That(Invocation.ShapeOf((await Invocation.RunAsync(SettingsOf(empty), "db", "migrate", "--jobs", jobs.FullName, "--json")).Json),
            Is.EqualTo("{migrations: [], schedules: boolean, jobs: [{job: string, altered: boolean}], leftToAdministrator: [], faults: []}"));
    }

    [Test]
    public async Task The_schema_that_is_printed_is_the_one_in_the_folder_of_jobs()
    {
        var answer = await Invocation.RunAsync("jobs", "schema");

        Assert.That(answer.Results, Is.EqualTo(JobSchema.Generate()));
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(jobs.FullName, $"{name}.json"), text);
}

using BatchScorer.Errors;
using BatchScorer.Tests.Cli;
using BatchScorer.Tests.Exchange;
using BatchScorer.Tests.Postgres;
using BatchScorer.Tests.Runs;

namespace BatchScorer.Tests.Gate;

/// <summary>Ways in which a model and a source can be wrong for each other.</summary>
internal sealed class WrongModelTests(ServerKind kind) : CommandTests(kind)
{
    private const string Job =
        """{ "name": "leavers", "source": { "table": "demo.customers", "key": ["customer_id"] }, "model": { "name": "churn" }, "outputs": { "churn_probability": "Probability" } }""";

    private static readonly string Churn = TestJob.GoldenModel("churn");

    private static readonly (string Break, string Mend, string Expected)[] WrongSources =
    [
        ("ALTER TABLE demo.customers RENAME tenure_months TO tenure_month", "ALTER TABLE demo.customers RENAME tenure_month TO tenure_months", "did you mean \"tenure_month\"?"),
        ("ALTER TABLE demo.customers RENAME region TO landscape", "ALTER TABLE demo.customers RENAME landscape TO region", "Region"),
        ("ALTER TABLE demo.customers ALTER auto_pay TYPE text", "ALTER TABLE demo.customers ALTER auto_pay TYPE boolean USING auto_pay::boolean", "the model's input is Boolean, so column \"auto_pay\" has to be "),
        ("ALTER TABLE demo.customers RENAME customer_id TO id", "ALTER TABLE demo.customers RENAME id TO customer_id", "source.key[0]"),
        ("ALTER TABLE demo.customers ALTER tenure_months DROP NOT NULL; UPDATE demo.customers SET tenure_months = NULL", "UPDATE demo.customers SET tenure_months = kept.tenure_months FROM kept WHERE kept.customer_id = customers.customer_id",
            "inputs.TenureMonths: column \"tenure_months\": 100 % of the rows have no value, 0 % had none"),
        ("UPDATE demo.customers SET region = upper(region)", "UPDATE demo.customers SET region = lower(region)", "inputs.Region: column \"region\": 100 % of the values are unknown to the model: "),
        ("ALTER TABLE demo.customers RENAME region TO other; ALTER TABLE demo.customers RENAME plan TO region; ALTER TABLE demo.customers RENAME other TO plan",
            "ALTER TABLE demo.customers RENAME region TO other; ALTER TABLE demo.customers RENAME plan TO region; ALTER TABLE demo.customers RENAME other TO plan",
            "inputs.Plan: column \"plan\": 100 % of the values are unknown to the model: "),
        ("UPDATE demo.customers SET monthly_charges = total_charges, total_charges = monthly_charges", "UPDATE demo.customers SET monthly_charges = total_charges, total_charges = monthly_charges",
            "inputs.MonthlyCharges: column \"monthly_charges\": the values are those of \"TotalCharges\", and not its own"),
    ];

    private TemporaryFolder folder = null!;

    [SetUp]
    public async Task PutAModelInUse()
    {
        folder = new TemporaryFolder();
        folder.Write("leavers.json", Job);
        await MakeCustomersAsync(rows: 400);
        await Database.ExecuteAsync("CREATE TABLE kept AS SELECT * FROM demo.customers");
        await RegisterAsync(Churn, "1", "--reference-query", "SELECT * FROM demo.customers");
        await DoneAsync("models", "promote", "churn@1", "--jobs", folder.Path);
        await DoneAsync("db", "migrate", "--jobs", folder.Path);
        await RegisterAsync(Churn, "2");
    }

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public async Task A_source_that_is_not_what_the_model_was_made_for_is_refused_before_anything_is_written()
    {
        foreach (var (breaking, mending, expected) in WrongSources)
        {
            await Database.ExecuteAsync(breaking);
            var promoted = await AskAsync("models", "promote", "churn@2", "--jobs", folder.Path);
            var run = await AskAsync("run", "leavers", "--jobs", folder.Path);
            await Database.ExecuteAsync(mending);

            Assert.That((promoted.ExitCode, run.ExitCode), Is.EqualTo((ExitCode.BadConfiguration, ExitCode.BadConfiguration)), breaking);
            Assert.That(promoted.Progress, Does.Contain(expected).And.Contain("churn@2 is not put in use: "));
            Assert.That(run.Progress, Does.Contain(expected));
            await NothingIsWrittenAsync();
        }

        Assert.That((await AskAsync("run", "leavers", "--jobs", folder.Path)).ExitCode, Is.EqualTo(ExitCode.Done), "all is mended");
    }

    [Test]
    public async Task A_model_that_is_not_what_it_says_or_what_jobs_need_is_refused_before_anything_is_written()
    {
        await RegisterAsync(TestJob.GoldenModel("fasttree_regression"), "regression");
        await RegisterAsync(TestJob.GoldenModel("text_featurize"), "texts");
        await RegisterAsync(Path.Combine(Path.GetDirectoryName(Churn)!, "model-v2.zip"), "v2");
        var file = Directory.GetFiles(folder["store"], $"{BatchScorer.Models.ModelFile.Read(Path.Combine(Path.GetDirectoryName(Churn)!, "model-v2.zip")).Sha256}*", SearchOption.AllDirectories).Single();
        Directory.Delete(folder["cache"], recursive: true);
        File.Copy(Churn, file, overwrite: true);

        foreach (var (version, expected) in new[] { ("regression", "the model has no output \"Probability\""), ("texts", "is like no column"), ("v2", "SHA-256") })
        {
            var promoted = await AskAsync("models", "promote", $"churn@{version}", "--jobs", folder.Path);

            Assert.That(promoted.ExitCode, Is.Not.EqualTo(ExitCode.Done), version);
            Assert.That(promoted.Progress, Does.Contain(expected), version);
            await NothingIsWrittenAsync();
        }

        await File.WriteAllLinesAsync(folder["golden.csv"], File.ReadLines(Golden("input.csv")).Zip(File.ReadLines(Golden("expected.csv")), (input, answer) => $"{input},{answer}").Take(6));
        File.WriteAllBytes(folder["cut.zip"], File.ReadAllBytes(Churn)[..5000]);
        Assert.That((await AskAsync("models", "register", Golden("model-v2.zip"), "--name", "churn", "--version", "3", "--golden", folder["golden.csv"])).Progress, Does.Contain("the model answers "));
        Assert.That((await AskAsync("models", "register", folder["cut.zip"], "--name", "churn", "--version", "3")).ExitCode, Is.EqualTo(ExitCode.BadConfiguration));
        Assert.That(await Database.ScalarAsync<long>("SELECT count(*) FROM scoring.model_versions WHERE version = '3'"), Is.Zero);
    }

    [Test]
    public async Task A_job_may_say_that_its_source_is_as_it_should_be()
    {
        await Database.ExecuteAsync("UPDATE demo.customers SET region = upper(region)");
        folder.Write("leavers.json", Job.Replace("\"outputs\"", "\"watch\": { \"gate\": false }, \"outputs\"", StringComparison.Ordinal));

        await DoneAsync("models", "promote", "churn@2", "--jobs", folder.Path);
        await DoneAsync("run", "leavers", "--jobs", folder.Path);
    }

    private static string Golden(string file) => Path.Combine(Path.GetDirectoryName(Churn)!, file);

    private async Task NothingIsWrittenAsync()
    {
        Assert.That(await Database.ScalarAsync<long>("SELECT (SELECT count(*) FROM scoring.runs) + (SELECT count(*) FROM scoring.leavers_predictions)"), Is.Zero);
        Assert.That(await Database.QueryAsync<string>("SELECT version FROM scoring.model_promotions"), Is.EqualTo(new[] { "1" }));
    }

    private Task RegisterAsync(string file, string version, params string[] options) => DoneAsync(["models", "register", file, "--name", "churn", "--version", version, .. options]);

    private async Task DoneAsync(params string[] arguments)
    {
        var answer = await AskAsync(arguments);
        Assert.That(answer.ExitCode, Is.EqualTo(ExitCode.Done), answer.Progress);
    }

    private Task<Invocation> AskAsync(params string[] arguments) => Invocation.RunAsync(
        new Dictionary<string, string>(Settings)
        {
            ["BATCHSCORER_BatchScorer__ModelStore"] = folder["store"],
            ["BATCHSCORER_BatchScorer__ModelCache"] = folder["cache"],
        },
        arguments);
}

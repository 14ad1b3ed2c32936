using BatchScorer.Errors;
using BatchScorer.Tests.Exchange;
using BatchScorer.Tests.Postgres;
using BatchScorer.Tests.Runs;
using CustomersTable = BatchScorer.Cli.Demo.CustomersTable;

namespace BatchScorer.Tests.Cli;

internal sealed class ChallengerCommandsTests(ServerKind kind) : CommandTests(kind)
{
    private static readonly string First = TestJob.GoldenModel("churn");
    private static readonly string Second = Path.Combine(Path.GetDirectoryName(First)!, "model-v2.zip");

    private TemporaryFolder folder = null!;

    [SetUp]
    public async Task RegisterModelsAsync()
    {
        folder = new TemporaryFolder();
        await MakeCustomersAsync(rows: 300);
        await AskAsync("models", "register", First, "--name", "churn", "--version", "1");
        await AskAsync("models", "register", Second, "--name", "churn", "--version", "2");
        await AskAsync("models", "promote", "churn@1");
    }

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public async Task The_two_are_compared_and_one_is_promoted_once_labels_say_that_it_is_better()
    {
        Write("churn@2");
        await AskAsync("db", "migrate");
        var unlike = await AskAsync("models", "promote", "churn@2", "--if-better", "auc");
        await AskAsync("run", "leavers");
        var early = await AskAsync("models", "promote", "churn@2", "--if-better", "auc");
        await CustomersTable.LearnOutcomesAsync(Database.DataSource, most: 250, default);
        // The second model is made the better one, and then the worse.
        await Database.ExecuteAsync("UPDATE scoring.leavers_challenger AS answer SET probability = CASE WHEN outcome.has_left THEN 1 ELSE 0 END FROM demo.outcomes AS outcome WHERE outcome.customer_id = answer.customer_id");

        var other = await AskAsync("models", "promote", "churn@2", "--if-better", "rmse");
        var better = await AskAsync("models", "promote", "churn@2", "--if-better", "brier");
        var text = await AskAsync("models", "compare", "leavers");
        var json = await AskAsync("models", "compare", "leavers", "--json");
        await AskAsync("models", "rollback", "churn");
        await Database.ExecuteAsync("UPDATE scoring.leavers_challenger SET probability = 1 - probability");
        var worse = await AskAsync("models", "promote", "churn@2", "--if-better", "auc", "--job", "leavers");

        Assert.That((unlike.ExitCode, unlike.Progress), Is.EqualTo((ExitCode.BadConfiguration,
            "churn@2 is not put in use: in no published run of job leavers has it scored beside the model in use. Name it in leavers.json, \"challenger\": \"churn@2\", run `batchscorer db migrate`, and let the job run until labels come.\n")));
        Assert.That((early.ExitCode, early.Progress), Is.EqualTo((ExitCode.BadConfiguration,
            "churn@2 is not put in use: only 0 of the rows of job leavers that it and churn@1 have scored have a label, expected at least 100. Try again when more are known; `batchscorer quality leavers` takes them up.\n")));
        Assert.That(other.Progress, Is.EqualTo("churn@2 is not put in use: the labels of job leavers give no rmse, expected one of auc, log_loss, brier, accuracy, precision, recall, f1.\n"));
        Assert.That((better.ExitCode, better.Progress), Is.EqualTo((ExitCode.Done, "")));
        Assert.That(better.Results, Does.Match(@"^churn@2 is in use instead of 1; the next run of leavers scores with it\. By 250 labels of job leavers its brier is 0, and was 0\.\d+\.\n$"));
        Assert.That((worse.ExitCode, worse.Progress.Split(" and that")[0]), Is.EqualTo((ExitCode.BadConfiguration, "churn@2 is not put in use: by 250 labels of job leavers its auc is 0,")));
        Assert.That(await Database.ScalarAsync<string>("SELECT version FROM scoring.model_champions"), Is.EqualTo("1"));

        Assert.That(text.Results, Does.Match(@"^job\s+leavers\nmodel\s+churn@1, \w{12}\nchallenger\s+churn@2, \w{12}\nruns\s+1\nrows scored by both\s+300\nby the challenger alone\s+0\nby the model alone\s+0\n")
            .And.Match(@"\nprobability: rank correlation -?0\.\d{4}, correlation -?0\.\d{4}; .*\ndifference\s+least\s+1 %\s+5 %\s+25 %\s+50 %\s+75 %\s+95 %\s+99 %\s+greatest\s*\nchallenger - model(\s+-?0\.\d{4}){9}")
            .And.Match(@"\nprobability of at least 0\.5: the same in \d+(\.\d+)? % of the rows; \d+ would change\.\nmodel\s+challenger\s+rows")
            .And.Match(@"\nprobability, by the 250 of these rows that have a label:\nmetric\s+model\s+challenger\s+better\s*\nauc\s+0\.\d{4}\s+1\.0000\s+challenger"));
        Assert.That(Invocation.ShapeOf(json.Json), Is.EqualTo(
            "{job: string, model: string, modelSha256: string, challenger: string, challengerSha256: string, runs: [number], rows: number, rejectedByModelAlone: number, rejectedByChallengerAlone: number, chunksLeftOut: number, "
            + "score: {output: string, rankCorrelation: number, correlation: number, meanDifference: number, difference: [{share: number, value: number}]}, "
            + "class: {output: string, threshold: number, agreement: number, changed: number, changes: [{from: string, to: string, rows: number}]}, "
            + "quality: {output: string, labelled: number, metrics: [{name: string, model: number, challenger: number, reason: null, challengerIsBetter: boolean}]}}"));
    }

    [Test]
    public async Task A_wrong_challenger_is_told_with_its_line_and_the_jobs_own_tables_are_made()
    {
        Write("chrun@2");
        Assert.That((await AskAsync("jobs", "validate")).Results, Does.StartWith("leavers.json:5: challenger: chrun@2: No model \"chrun\" is registered, did you mean \"churn\"?\n"));
        var migrated = await AskAsync("db", "migrate");
        Assert.That((migrated.ExitCode, migrated.Progress), Is.EqualTo((ExitCode.BadConfiguration, "The challenger of job leavers has no table: chrun@2: No model \"chrun\" is registered, did you mean \"churn\"?\n")));
        Assert.That((await AskAsync("run", "leavers")).ExitCode, Is.EqualTo(ExitCode.Done));

        await AskAsync("models", "register", TestJob.GoldenModel("kmeans"), "--name", "clusters", "--version", "1");
        Write("clusters@1");
        Assert.That((await AskAsync("jobs", "validate")).Results, Does.StartWith("leavers.json:5: challenger: clusters@1: "));
        var several = await AskAsync("models", "promote", "churn@2", "--if-better", "auc");
        Assert.That(several.Progress, Is.EqualTo(
            "churn@2 is not put in use: no job of this folder has it as its challenger. Name it in a job's file, \"challenger\": \"churn@2\", and let it score beside for a while; or say with --job in which it has.\n"));
        Assert.That((await AskAsync("models", "promote", "churn@2", "--job", "leavers")).Progress, Does.Contain("--job goes only with --if-better."));
    }

    private void Write(string challenger) => folder.Write("leavers.json",
        "{ \"name\": \"leavers\",",
        "  \"source\": { \"table\": \"demo.customers\", \"key\": [\"customer_id\"] },",
        "  \"model\": { \"name\": \"churn\" },",
        "  \"labels\": { \"table\": \"demo.outcomes\", \"label\": \"has_left\", \"time\": \"known_at\" },",
        $"  \"challenger\": \"{challenger}\" }}");

    private Task<Invocation> AskAsync(params string[] arguments) => Invocation.RunAsync(
        new Dictionary<string, string>(Settings)
        {
            ["BATCHSCORER_BatchScorer__JobsFolder"] = folder.Path,
            ["BATCHSCORER_BatchScorer__ModelStore"] = folder["store"],
            ["BATCHSCORER_BatchScorer__ModelCache"] = folder["cache"],
        },
        arguments);
}
